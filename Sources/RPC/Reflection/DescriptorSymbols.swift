internal import SwiftProtobuf

/// Collects the full names that files declare, by the scoping rules of protocol buffers.
struct DescriptorSymbols {
    /// The file that declares each name.
    private(set) var files: [String: String] = [:]
    /// The names of services.
    private(set) var services: [String] = []
    /// The names of messages.
    private(set) var messages: Set<String> = []

    /// Adds what a file declares.
    mutating func add(_ file: Google_Protobuf_FileDescriptorProto) {
        let scope = file.package
        for message in file.messageType { add(message, in: scope, of: file.name) }
        for enumeration in file.enumType { add(enumeration, in: scope, of: file.name) }
        for field in file.extension { add(field.name, in: scope, of: file.name) }
        for service in file.service {
            let name = add(service.name, in: scope, of: file.name)
            services.append(name)
            for method in service.method { add(method.name, in: name, of: file.name) }
        }
    }

    private mutating func add(_ message: Google_Protobuf_DescriptorProto, in scope: String, of file: String) {
        let name = add(message.name, in: scope, of: file)
        messages.insert(name)
        for field in message.field + message.extension { add(field.name, in: name, of: file) }
        for choice in message.oneofDecl { add(choice.name, in: name, of: file) }
        for nested in message.nestedType { add(nested, in: name, of: file) }
        for enumeration in message.enumType { add(enumeration, in: name, of: file) }
    }

    private mutating func add(
        _ enumeration: Google_Protobuf_EnumDescriptorProto, in scope: String, of file: String
    ) {
        add(enumeration.name, in: scope, of: file)
        // The values of an enum are its siblings, as in C.
        for value in enumeration.value { add(value.name, in: scope, of: file) }
    }

    @discardableResult
    private mutating func add(_ name: String, in scope: String, of file: String) -> String {
        let fullName = scope.isEmpty ? name : "\(scope).\(name)"
        files[fullName] = file
        return fullName
    }
}
