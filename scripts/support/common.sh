# Sourced by the other scripts: prerequisites, builds and small helpers. Needs bash and coreutils only.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly required_swift_major=6 required_swift_minor=3
readonly release_scratch=.build-release
readonly products=(telemetry-ingest telemetry-forwarder gatewayctl)

say() { printf '%s\n' "$*"; }
fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# A missing or too old toolchain is the one thing that these scripts do not install.
require_toolchain() {
    command -v swift >/dev/null 2>&1 || fail "no swift on the PATH. Install Swift $required_swift_major.$required_swift_minor or later (swift.org/install, Debian 12), then run this again."
    local version
    version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' | head -n 1)
    [ -n "$version" ] || fail "can not read the version of $(command -v swift): is it a Swift toolchain?"
    local major=${version%%.*} minor=${version#*.}
    if [ "$major" -lt $required_swift_major ] || { [ "$major" -eq $required_swift_major ] && [ "$minor" -lt $required_swift_minor ]; }; then
        fail "Swift $version at $(command -v swift) is too old: this needs $required_swift_major.$required_swift_minor or later (swift.org/install)."
    fi
}

# Debian packages: installed when this user may, named exactly when not.
require_packages() {
    local missing=() name
    for name in "$@"; do
        dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
    done
    [ ${#missing[@]} -eq 0 ] && return
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
            as_root=(sudo)
        else
            fail "missing Debian packages. Run: sudo apt-get install -y ${missing[*]}"
        fi
    fi
    say "installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
}

require_build_prerequisites() {
    require_toolchain
    require_packages libsqlite3-dev libcurl4-openssl-dev pkg-config zlib1g-dev
}

# Runs a command with its output in a file, and shows the end of it when the command fails.
quietly() {
    local title=$1 log=$2 started=$SECONDS
    shift 2
    mkdir -p "$(dirname "$log")"
    printf '%s … ' "$title"
    if "$@" >"$log" 2>&1; then
        printf 'done (%d s)\n' $((SECONDS - started))
    else
        local code=$?
        printf 'failed (%d s)\n' $((SECONDS - started))
        grep -E '(error|warning):' "$log" | sort -u | head -n 40 >&2 || true
        tail -n 40 "$log" >&2
        return $code
    fi
}

# The `native` build system, because static linking of Foundation is broken in its successor.
build_release() {
    local product
    for product in "${products[@]}"; do
        quietly "release build of $product" "var/log/build-$product.log" \
            swift build -c release --build-system native --static-swift-stdlib --scratch-path "$release_scratch" \
            --product "$product"
    done
}

release_binaries() { printf '%s' "$PWD/$release_scratch/release"; }

# Waits until a process has printed its first line, and gives its port.
wait_for_port() {
    local output=$1 pid=$2 name=$3 log=$4 tries=0
    until grep -q '"message":"listening"' "$output" 2>/dev/null; do
        if ! kill -0 "$pid" 2>/dev/null || [ $((tries += 1)) -gt 300 ]; then
            tail -n 5 "$log" >&2
            fail "$name did not start; its log is $log"
        fi
        sleep 0.1
    done
    sed -nE '1s/.*"port":([0-9]+).*/\1/p' "$output"
}
