#!/usr/bin/env bash
# Sets up what is missing, once, and then: demo | test | bench | pack | test-arm64
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

readonly remembered=eng/Torch.local.props
readonly packages=(libtorch-dev libopenblas0-pthread g++)

say() { printf '%s\n' "$*" >&2; }
fail() { say "build.sh: $*"; exit 1; }

usage() {
  cat <<'TEXT'
usage: ./build.sh VERB
  demo    train a variational autoencoder on handwritten digits; pictures go to artifacts/demo
  test    run every test; --fast skips the slow ones (about two minutes); other options go to dotnet test
  bench   time training and sampling against PyTorch, in turn; names of workloads choose some of them
  pack    make the NuGet packages in artifacts/packages
  test-arm64  run the tests of the kernels as an Arm processor does, emulated by qemu (Debian)
Set TorchBinding=nuget or TorchBinding=system to choose where libtorch comes from; by default it is probed once.
TEXT
}

binding() { sed -n 's/.*<TorchBinding[^>]*>\(.*\)<\/TorchBinding>.*/\1/p' "$remembered"; }

remember() {
  cat > "$remembered" <<PROPS
<Project>
  <PropertyGroup>
    <TorchBinding Condition="'\$(TorchBinding)' == ''">$1</TorchBinding>
  </PropertyGroup>
</Project>
PROPS
}

has_libtorch() { [ -e /usr/include/torch/csrc/autograd/autograd.h ] && command -v "${CXX:-g++}" > /dev/null; }

# Packages of the Linux distribution.
install() {
  command -v apt-get > /dev/null || fail "$* are missing, and there is no apt-get to install them with."
  if [ "$(id -u)" != 0 ]; then
    fail "$* are missing. Run this once, then try again: sudo apt-get install -y $*"
  fi
  say "Installing $* with apt."
  local log
  log=$(mktemp)
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } > "$log" 2>&1 \
    || { tail -n 20 "$log" >&2; fail "apt could not install $*; its last lines are above."; }
  rm -f "$log"
}

install_libtorch() {
  if has_libtorch; then return; fi
  command -v apt-get > /dev/null || fail "libtorch's headers and a C++ compiler are missing; install them and build with -p:LibtorchDir=FOLDER."
  install "${packages[@]}"
}

# Restores with TorchSharp's own packages; fails where the feed lacks them, and ends the script where anything else is wrong.
restores() {
  local log status=0
  log=$(mktemp)
  dotnet restore "$1" -p:TorchBinding=nuget > "$log" 2>&1 || status=$?
  if [ "$status" != 0 ] && ! grep -qE 'NU110[1-3].*(TorchSharp|libtorch)' "$log"; then
    grep -E 'error' "$log" | sort -u | head -n 5 >&2
    rm -f "$log"
    fail "the packages could not be restored; the errors are above."
  fi
  rm -f "$log"
  return "$status"
}

torchsharp_library() {
  dotnet msbuild src/GenModels -p:TorchBinding=nuget -t:ResolvePackageAssets -getItem:RuntimeTargetsCopyLocalItems \
    | sed -n 's/.*"FullPath": "\(.*\/libLibTorchSharp\.so\)".*/\1/p'
}

# Sets choice and reason. The library is restored first, since it takes TorchSharp without libtorch.
choose() {
  local library obstacle
  choice=system reason="because the package feed has no TorchSharp"
  if ! restores src/GenModels; then return; fi
  library=$(torchsharp_library)
  if [ "$(uname -s)" = Linux ] && [ ! -e "$library" ]; then fail "the package TorchSharp was restored, and its native library libLibTorchSharp.so is not in it."; fi
  obstacle=$(eng/native-obstacle.sh "$library")
  if [ -n "$obstacle" ]; then reason="because $obstacle"; return; fi
  if ! restores GenModels.sln; then reason="because the package feed has no TorchSharp-cpu"; return; fi
  choice=nuget reason="because the package feed has them and their native library loads here"
}

probe() {
  command -v dotnet > /dev/null || fail "the .NET 10 SDK is missing: see https://dotnet.microsoft.com/download"
  if [ ! -e "$remembered" ] || [ -n "${TorchBinding:-}" ]; then
    local choice=${TorchBinding:-} reason="because TorchBinding says so"
    unset TorchBinding
    if [ -z "$choice" ]; then choose; fi
    case $choice in nuget | system) ;; *) fail "TorchBinding is '$choice'; expected nuget or system." ;; esac
    remember "$choice"
    if [ "$choice" = nuget ]; then say "Using TorchSharp's own packages, $reason."
    else say "Using the system's libtorch, $reason."; fi
  fi
  if [ "$(binding)" = system ]; then install_libtorch; fi
}

compile() {
  local log
  log=$(mktemp)
  dotnet build "$@" -c Release > "$log" 2>&1 || { grep -E 'error' "$log" | sort -u | head -n 20 >&2; rm -f "$log"; fail "the build failed; the errors are above."; }
  rm -f "$log"
}

run_demo() {
  compile samples/Vae
  dotnet samples/Vae/bin/Release/net10.0/Vae.dll --data digits --epochs 150 --out artifacts/demo "$@"
}

# The sum of every project's summary line, so that one line tells all.
run_tests() {
  compile GenModels.sln
  local log status=0
  log=$(mktemp)
  local option options=()
  for option in "$@"; do
    if [ "$option" = --fast ]; then options+=(--filter 'Speed!=Slow'); else options+=("$option"); fi
  done
  dotnet test GenModels.sln -c Release --no-build "${options[@]}" 2>&1 | tee "$log" || status=$?
  awk '
    /Failed: +[0-9]+, Passed: +[0-9]+, Skipped: +[0-9]+/ {
      match($0, /Failed: +[0-9]+/); f += substr($0, RSTART + 7, RLENGTH - 7)
      match($0, /Passed: +[0-9]+/); p += substr($0, RSTART + 7, RLENGTH - 7)
      match($0, /Skipped: +[0-9]+/); s += substr($0, RSTART + 8, RLENGTH - 8)
    }
    END { printf "%d passed, %d failed, %d skipped\n", p, f, s; exit p == 0 || f > 0 }' "$log" || status=1
  rm -f "$log"
  return "$status"
}

has_pytorch() { [ -x /usr/bin/python3 ] && /usr/bin/python3 -c 'import torch, numpy' 2> /dev/null; }

run_bench() {
  [ -n "${GENMODELS_PYTHON:-}" ] || has_pytorch || install python3-torch python3-numpy
  [ -d /usr/share/datasets/fashion-mnist ] || install dataset-fashion-mnist
  compile bench/GenModels.Benchmarks
  dotnet bench/GenModels.Benchmarks/bin/Release/net10.0/GenModels.Benchmarks.dll compare "$@"
}

make_packages() {
  local output=artifacts/packages
  rm -rf "$output"
  dotnet pack src/GenModels -c Release -o "$output" -p:ContinuousIntegrationBuild=true -v quiet
  if [ "$(binding)" = system ]; then
    dotnet pack src/SystemTorch -c Release -o "$output" -p:ContinuousIntegrationBuild=true -v quiet
    say "These packages stand on the system's libtorch and are not for publishing."
  fi
  ls -l "$output"
}

test_arm64() {
  { command -v qemu-aarch64-static && command -v aarch64-linux-gnu-g++; } > /dev/null || install qemu-user-static g++-aarch64-linux-gnu
  eng/test-arm64.sh "$@"
}

verb=${1:-}
[ $# -gt 0 ] && shift
case $verb in
  demo) probe; run_demo "$@" ;;
  test) probe; run_tests "$@" ;;
  pack) probe; make_packages ;;
  bench) probe; run_bench "$@" ;;
  test-arm64) test_arm64 "$@" ;;
  -h | --help | help) usage ;;
  *) usage >&2; exit 2 ;;
esac
