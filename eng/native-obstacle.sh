#!/usr/bin/env bash
# Prints why this machine cannot load TorchSharp's native library, which is the argument; prints nothing where it can.
# The system's loader is asked about that library alone (2 MB), so that libtorch (1.2 GB) need not be there.
set -euo pipefail
export LC_ALL=C

[ "$(uname -s)" = Linux ] || exit 0
said=$(ldd "$1" 2>&1) || true
missing=$(sed -nE "s/.*version \`([^']+)' not found.*/\1/p" <<< "$said" | sort -V | tail -n 1)

if [[ $missing == GLIBCXX_* ]]; then
  runtime=$(sed -nE 's/.*libstdc\+\+\.so\.6 => (\/.*) \(.*/\1/p' <<< "$said")
  newest=$(grep -aoE 'GLIBCXX_[0-9]+(\.[0-9]+)+' "$runtime" | sort -V | tail -n 1)
  echo "TorchSharp's native library needs $missing and this machine's C++ runtime has up to $newest"
elif [ -n "$missing" ]; then
  echo "TorchSharp's native library needs $missing and this machine's runtime libraries are older"
else
  case $said in
    *ld-musl*) echo "TorchSharp's native library is for glibc and this machine has musl" ;;
    *'libstdc++.so.6 => not found'*) echo "TorchSharp's native library needs libstdc++.so.6 and this machine has none" ;;
    *'not a dynamic executable'*) echo "TorchSharp has no native library for $(uname -m)" ;;
  esac
fi
