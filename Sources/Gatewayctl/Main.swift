internal import Operator

@main
enum Main {
    static func main() async {
        await GatewayControl.runProcess()
    }
}
