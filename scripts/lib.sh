# What the scripts share: a Python, a virtual environment with everything in it, the model weights.
# To be sourced by a bash script that has set -euo pipefail. Everything is done once; a second run needs no network.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
VENV="$ROOT/.venv"
STAMP="$VENV/.installed"
export PIP_DISABLE_PIP_VERSION_CHECK=1
cd "$ROOT"

die() {
    printf '%s\n' "$@" >&2
    exit 1
}

find_python() {
    local candidate
    for candidate in python3.11 python3.12 python3.13 python3; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
    die "Python 3.11 or newer is needed. On Debian: apt-get install python3.11 python3.11-venv"
}

make_venv() {
    if [ -x "$VENV/bin/python" ] && "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then
        return
    fi
    local python
    python="$(find_python)"
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        die "$python cannot make virtual environments. On Debian: apt-get install python3.11-venv"
    echo "Making the virtual environment $VENV"
    "$python" -m venv --clear "$VENV"
}

# The stamp changes with what is asked for and with where the checkout lies (an editable install points there).
wanted_stamp() {
    { echo "$ROOT" && "$VENV/bin/python" --version && cat pyproject.toml constraints.txt; } | sha256sum | cut -d' ' -f1
}

install_packages() {
    local wanted
    wanted="$(wanted_stamp)"
    if [ "$(cat "$STAMP" 2>/dev/null || true)" = "$wanted" ]; then
        return
    fi
    echo "Installing the packages pinned in constraints.txt (the first time takes some minutes)"
    rm -f "$STAMP"
    "$VENV/bin/python" -m pip install --quiet --constraint constraints.txt --editable '.[dev]' ||
        die "The packages could not be installed; see pip's message above. The first run needs the package index."
    echo "$wanted" >"$STAMP"
}

check_libraries() {
    local complaint
    if complaint="$("$VENV/bin/python" -c 'import cv2, pymupdf, onnxruntime' 2>&1)"; then
        return
    fi
    case "$complaint" in
    *libGL* | *libgthread* | *libglib*)
        die "OpenCV needs two system libraries. On Debian: apt-get install libgl1 libglib2.0-0"
        ;;
    *) die "A library cannot be loaded:" "$complaint" ;;
    esac
}

setup_environment() {
    make_venv
    install_packages
    check_libraries
}

# Fetches only what is missing, and checks it by its SHA-256.
setup_models() {
    "$VENV/bin/ocr-pipeline" models fetch >/dev/null
}
