#!/usr/bin/env bash
# Runs the tests of the kernels, and the trainings whose files have known hashes, as an Arm processor runs them: published for linux-arm64 and
# emulated by qemu, over the libtorch that Debian packages for arm64. Everything but the emulator and the compiler stays in artifacts/arm64
# (190 MB are fetched, and take 1 GB unpacked). Arguments are what the names of the test classes start with.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

readonly folder=$PWD/artifacts/arm64
readonly system=$folder/system
readonly libraries=$system/usr/lib/aarch64-linux-gnu

say() { printf '%s\n' "$*" >&2; }

# apt with lists and packages of its own, so that this system takes on no second architecture.
apt_arm64() {
  local tool=$1
  shift
  "$tool" -o Dir::State="$folder/apt" -o Dir::Cache="$folder/apt" -o Dir::State::status=/dev/null -o APT::Sandbox::User=root \
    -o APT::Architecture=arm64 -o APT::Architectures=arm64 "$@"
}

fetch_libtorch() {
  if [ -e "$folder/libtorch" ]; then return; fi
  say "Fetching libtorch for arm64."
  mkdir -p "$folder"/apt/{lists,archives}/partial "$system"
  apt_arm64 apt-get update -q > /dev/null
  local library
  library=$(apt_arm64 apt-cache depends libtorch-dev | sed -n 's/.*Depends: \(libtorch[0-9.]*\)$/\1/p')
  apt_arm64 apt-get install -q -y --no-install-recommends --download-only "$library" libopenblas0-pthread > /dev/null
  # The headers without the packages that they ask for, since a compiler for arm64 brings its own.
  (cd "$folder/apt/archives" && apt_arm64 apt-get download -q libtorch-dev > /dev/null)
  local package
  for package in "$folder"/apt/archives/*.deb; do dpkg-deb -x "$package" "$system"; done
  mkdir "$folder/libtorch.new"
  ln -s "$system/usr/include" "$folder/libtorch.new/include"
  ln -s "$libraries" "$folder/libtorch.new/lib"
  mv "$folder/libtorch.new" "$folder/libtorch"
}

publish() {
  local log
  log=$(mktemp)
  CXX=aarch64-linux-gnu-g++ dotnet publish "tests/$1" -c Release -r linux-arm64 --self-contained --artifacts-path "$folder/build" \
    -o "$folder/$1" -p:TorchBinding=system -p:LibtorchDir="$folder/libtorch" > "$log" 2>&1 \
    || { grep -E 'error' "$log" | sort -u | head -n 20 >&2; rm -f "$log"; say "$1 could not be published; the errors are above."; exit 1; }
  rm -f "$log"
}

# The emulator does not notice code that .NET changes through a second mapping of its memory, as it does unless told otherwise.
emulate() {
  local program=$1
  shift
  qemu-aarch64-static -L "$system" -E LD_LIBRARY_PATH="$libraries:$libraries/openblas-pthread" -E DOTNET_EnableWriteXorExecute=0 \
    "$folder/$program/$program" "$@"
}

fetch_libtorch
publish GenModels.SameBits
publish GenModels.Tests
[ $# -gt 0 ] || set -- GenModels.Tests.Kernels. GenModels.Tests.Networks.LayerBitsTests GenModels.Tests.Randomness.
emulate GenModels.Tests "$@"

say "Training; each hash must be one of SameBitsTests."
trained=$(emulate GenModels.SameBits 2)
while read -r name hash; do
  grep -q "$name $hash" tests/GenModels.Tests/Models/SameBitsTests.cs || { say "$name differs: $hash"; exit 1; }
  echo "$name $hash"
done <<< "$trained"
