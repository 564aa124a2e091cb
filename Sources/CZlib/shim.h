#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H

#include <zlib.h>

// The initialisers are macros that pass the version and size of the structure: Swift does not see them.

// Window of 2^15 bytes, and 16 more for the format of gzip.
enum { CZLIB_GZIP_WINDOW_BITS = 15 + 16 };

static inline int czlib_deflate_init(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, CZLIB_GZIP_WINDOW_BITS, 8, Z_DEFAULT_STRATEGY);
}

static inline int czlib_inflate_init(z_stream *stream) { return inflateInit2(stream, CZLIB_GZIP_WINDOW_BITS); }

#endif
