# Sets up what is missing, once, and then: demo | test | bench | pack. On Linux and macOS use build.sh.
[CmdletBinding()]
param(
    [Parameter(Position = 0)] [string] $Verb = 'help',
    [Parameter(ValueFromRemainingArguments)] [string[]] $Rest = @()
)
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
$env:DOTNET_CLI_UI_LANGUAGE = 'en'
$env:DOTNET_NOLOGO = '1'
$remembered = 'eng/Torch.local.props'

function Stop-Build([string] $message) {
    [Console]::Error.WriteLine("build.ps1: $message")
    exit 1
}

function Restore-Packages([string] $target) {
    $log = dotnet restore $target -p:TorchBinding=nuget 2>&1
    if ($LASTEXITCODE -eq 0) { return }
    $log | Select-String 'error' | Select-Object -First 5 | ForEach-Object { [Console]::Error.WriteLine($_) }
    Stop-Build 'the packages could not be restored; the errors are above. The system binding (libtorch-dev) is for Linux: use build.sh there.'
}

# What TorchSharp's native library needs beside libtorch: on Windows Microsoft's C++ runtime, elsewhere what the system's loader says.
function Assert-NativeLibraryLoads {
    if ($env:OS -eq 'Windows_NT') {
        if (-not (Test-Path "$env:SystemRoot/System32/vcruntime140_1.dll")) {
            Stop-Build "TorchSharp's native library needs Microsoft's Visual C++ runtime: install it from https://aka.ms/vs/17/release/vc_redist.x64.exe"
        }
        return
    }
    $items = dotnet msbuild src/GenModels -p:TorchBinding=nuget -t:ResolvePackageAssets -getItem:RuntimeTargetsCopyLocalItems | ConvertFrom-Json
    $library = $items.Items.RuntimeTargetsCopyLocalItems.FullPath | Where-Object { $_ -like '*libLibTorchSharp.so' } | Select-Object -First 1
    $obstacle = bash eng/native-obstacle.sh $library
    if ($obstacle) { Stop-Build "$obstacle. Use ./build.sh, which takes the system's libtorch." }
}

function Initialize-Build {
    if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
        Stop-Build 'the .NET 10 SDK is missing: see https://dotnet.microsoft.com/download'
    }
    if (Test-Path $remembered) { return }
    # The library alone takes TorchSharp without libtorch, which is large.
    Restore-Packages 'src/GenModels'
    Assert-NativeLibraryLoads
    Restore-Packages 'GenModels.sln'
    Set-Content $remembered @"
<Project>
  <PropertyGroup>
    <TorchBinding Condition="'`$(TorchBinding)' == ''">nuget</TorchBinding>
  </PropertyGroup>
</Project>
"@
    [Console]::Error.WriteLine("Using TorchSharp's own packages, because the package feed has them and nothing keeps their native library from loading here.")
}

function Invoke-Compile([string] $target) {
    $log = dotnet build $target -c Release 2>&1
    if ($LASTEXITCODE -ne 0) {
        $log | Select-String 'error' | Select-Object -First 20 | ForEach-Object { [Console]::Error.WriteLine($_) }
        Stop-Build 'the build failed; the errors are above.'
    }
}

switch ($Verb) {
    'demo' {
        Initialize-Build
        Invoke-Compile 'samples/Vae'
        dotnet samples/Vae/bin/Release/net10.0/Vae.dll --data digits --epochs 150 --out artifacts/demo @Rest
        exit $LASTEXITCODE
    }
    'test' {
        Initialize-Build
        Invoke-Compile 'GenModels.sln'
        $options = @($Rest | ForEach-Object { if ($_ -eq '--fast') { '--filter', 'Speed!=Slow' } else { $_ } })
        $passed = 0; $failed = 0; $skipped = 0
        dotnet test GenModels.sln -c Release --no-build @options 2>&1 | ForEach-Object {
            $_
            if ($_ -match 'Failed: +(\d+), Passed: +(\d+), Skipped: +(\d+)') {
                $failed += [int]$Matches[1]; $passed += [int]$Matches[2]; $skipped += [int]$Matches[3]
            }
        }
        $status = $LASTEXITCODE
        "$passed passed, $failed failed, $skipped skipped"
        if ($status -ne 0 -or $failed -gt 0 -or $passed -eq 0) { exit 1 }
    }
    'pack' {
        Initialize-Build
        if (Test-Path artifacts/packages) { Remove-Item artifacts/packages -Recurse }
        dotnet pack src/GenModels -c Release -o artifacts/packages -p:ContinuousIntegrationBuild=true -v quiet
        if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
        Get-ChildItem artifacts/packages
    }
    'bench' { Stop-Build "the comparison with PyTorch runs on Linux: ./build.sh bench." }
    default {
        'usage: ./build.ps1 VERB    demo | test | bench | pack'
        'test --fast skips the slow tests (about two minutes); other options go to dotnet test.'
        if ($Verb -notin 'help', '-h', '--help') { exit 2 }
    }
}
