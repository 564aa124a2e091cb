/// The messages of an event whose members are text and numbers. Each writes the members up to the cursor's end.
extension EventTranscoder {
    @inline(__always)
    mutating func writeSource(_ depthLeft: Int) throws(TranscodingFault) {
        var last: UInt32 = 0
        while cursor.position < cursor.end {
            let tag = try readTag()
            switch tag.rawValue {
            case 0x0a:
                try advance(&last, to: 1)
                try writeMessage(#""server":{"#, depthLeft) { (transcoder, depthLeft) throws(TranscodingFault) in
                    try transcoder.writeServer(depthLeft)
                }
            case 0x12:
                try advance(&last, to: 2)
                try writeMessage(#""client":{"#, depthLeft) { (transcoder, depthLeft) throws(TranscodingFault) in
                    try transcoder.writeClient(depthLeft)
                }
            default:
                try skip(tag, depthLeft)
            }
        }
    }

    @inline(__always)
    private mutating func writeServer(_ depthLeft: Int) throws(TranscodingFault) {
        var last: UInt32 = 0
        while cursor.position < cursor.end {
            let tag = try readTag()
            switch tag.rawValue {
            case 0x0a:
                try advance(&last, to: 1)
                try writeText(#""version":"#)
            default:
                try skip(tag, depthLeft)
            }
        }
    }

    @inline(__always)
    private mutating func writeClient(_ depthLeft: Int) throws(TranscodingFault) {
        var last: UInt32 = 0
        while cursor.position < cursor.end {
            let tag = try readTag()
            switch tag.rawValue {
            case 0x0a:
                try advance(&last, to: 1)
                try writeText(#""name":"#)
            case 0x12:
                try advance(&last, to: 2)
                try writeOptionalText(#""version":"#)
            default:
                try skip(tag, depthLeft)
            }
        }
    }

    @inline(__always)
    mutating func writeUser(_ depthLeft: Int) throws(TranscodingFault) {
        var last: UInt32 = 0
        while cursor.position < cursor.end {
            let tag = try readTag()
            switch tag.rawValue {
            case 0x08:
                try advance(&last, to: 1)
                let identifier = Int64(bitPattern: try readVarint())
                try output.require()
                output.literal(#""userId":""#)
                output.integer(identifier)
                output.literal(#"","#)
            case 0x12:
                try advance(&last, to: 2)
                try writeOptionalText(#""anonymousUserId":"#)
            case 0x1a:
                try advance(&last, to: 3)
                try writeOptionalText(#""samsExternalId":"#)
            default:
                try skip(tag, depthLeft)
            }
        }
    }

    @inline(__always)
    mutating func writeBilling(_ depthLeft: Int) throws(TranscodingFault) {
        var last: UInt32 = 0
        while cursor.position < cursor.end {
            let tag = try readTag()
            switch tag.rawValue {
            case 0x0a:
                try advance(&last, to: 1)
                try writeText(#""product":"#)
            case 0x12:
                try advance(&last, to: 2)
                try writeText(#""category":"#)
            default:
                try skip(tag, depthLeft)
            }
        }
    }

    mutating func writeMarketing(_ depthLeft: Int) throws(TranscodingFault) {
        var last: UInt32 = 0
        while cursor.position < cursor.end {
            let tag = try readTag()
            let name: StaticString
            switch tag.rawValue {
            case 0x0a: name = #""url":"#
            case 0x12: name = #""firstSourceUrl":"#
            case 0x1a: name = #""cohortId":"#
            case 0x22: name = #""referrer":"#
            case 0x2a: name = #""lastSourceUrl":"#
            case 0x32: name = #""deviceSessionId":"#
            case 0x3a: name = #""sessionReferrer":"#
            case 0x42: name = #""sessionFirstUrl":"#
            default:
                try skip(tag, depthLeft)
                continue
            }
            try advance(&last, to: tag.number)
            try writeOptionalText(name)
        }
    }

    @inline(__always)
    mutating func writeInteraction(_ depthLeft: Int) throws(TranscodingFault) {
        var last: UInt32 = 0
        while cursor.position < cursor.end {
            let tag = try readTag()
            switch tag.rawValue {
            case 0x0a:
                try advance(&last, to: 1)
                try writeOptionalText(#""traceId":"#)
            case 0x12:
                try advance(&last, to: 2)
                try writeOptionalText(#""interactionId":"#)
            case 0x1a:
                try advance(&last, to: 3)
                try writeMessage(#""geolocation":{"#, depthLeft) { (transcoder, depthLeft) throws(TranscodingFault) in
                    try transcoder.writeGeolocation(depthLeft)
                }
            default:
                try skip(tag, depthLeft)
            }
        }
    }

    @inline(__always)
    private mutating func writeGeolocation(_ depthLeft: Int) throws(TranscodingFault) {
        var last: UInt32 = 0
        while cursor.position < cursor.end {
            let tag = try readTag()
            switch tag.rawValue {
            case 0x0a:
                try advance(&last, to: 1)
                try writeText(#""countryCode":"#)
            default:
                try skip(tag, depthLeft)
            }
        }
    }
}
