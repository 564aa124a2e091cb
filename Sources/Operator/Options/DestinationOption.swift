package import ArgumentParser

/// Which destination a command is about.
package struct DestinationOption: ParsableArguments {
    @Option(help: ArgumentHelp("The destination's name, as status shows it (default: all).", valueName: "name"))
    package var destination: String?

    package init() {}
}
