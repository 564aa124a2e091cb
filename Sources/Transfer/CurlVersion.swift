internal import CCurl

/// The version of the libcurl in use.
package enum CurlVersion {
    /// As libcurl writes it: 7.88.1 is 0x075801.
    package static var number: Int { Int(ccurl_version()) }
}
