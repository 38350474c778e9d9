# What tools/dev does with the page of clients/web; docs/web.md says what it is made of.

page_packages=(emscripten dpkg-dev nodejs npm)
page_test_packages=(chromium fonts-croscore fonts-noto-core)

# Another archive's nodejs brings npm along and does not go together with Debian's npm.
install_page() {
  local wanted=() package
  for package in "${page_packages[@]}"; do
    case $package in
      nodejs) command -v node >/dev/null || wanted+=("$package") ;;
      npm) command -v npm >/dev/null || wanted+=("$package") ;;
      *) wanted+=("$package") ;;
    esac
  done
  install "${wanted[@]}"
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  ((major >= 18)) || fail "node $major is too old: the page needs node 18, see docs/web.md"
}

# npm_ci <directory> <file>: the packages that its lock file names; afterwards the file is there.
# npm is silent about packages for one kind of machine that it could not fetch.
npm_ci() {
  npm --prefix "$1" ci --no-fund --no-audit && [[ -e $1/node_modules/$2 ]] && return
  echo "npm could not fetch what $1/package-lock.json names. It needs its registry, or a cache that" >&2
  echo "holds these packages: try 'npm ping' and 'npm config get registry'." >&2
  return 1
}

install_node_modules() {
  local web=clients/web
  # Once for each change of the lock file.
  [[ $web/node_modules/.package-lock.json -nt $web/package-lock.json ]] ||
    step "packages of the page" npm_ci $web esbuild/package.json
}

# The tests need Node 20, and Debian 12 has 18: then a package of the registry brings one.
node20=node
find_node20() {
  (($(node -p 'process.versions.node.split(".")[0]') < 20)) || return 0
  local to=build/web/node20 machine
  case $(uname -m) in
    x86_64) machine=x64 ;;
    aarch64) machine=arm64 ;;
    *) fail "the tests of the page need node 20, and there is none for $(uname -m)" ;;
  esac
  local program=node-linux-$machine/bin/node
  node20=$PWD/$to/node_modules/$program
  if [[ ! -x $node20 ]]; then
    mkdir -p $to
    cp clients/web/.npmrc clients/web/tests/node20/package{,-lock}.json $to
    step "node 20 for the tests of the page" npm_ci $to "$program"
  fi
  "$node20" --version >/dev/null || fail "node 20, which the tests of the page need, does not run here"
}

configure_wasm() {
  step "sources of libsodium and zstd" fetch_wasm_sources
  # Debian's node finds its modules only when told; a cache elsewhere would be built anew.
  export NODE_PATH=/usr/share/nodejs EM_COMPILER_WRAPPER=ccache
  unset EM_CACHE
  [[ -f build/wasm/build.ninja ]] ||
    step "configure build/wasm" cmake -G Ninja -S tools/wasm -B build/wasm -DTHIRD="$PWD/build/wasm/third" \
      -DCMAKE_TOOLCHAIN_FILE=/usr/share/emscripten/cmake/Modules/Platform/Emscripten.cmake
}

# build_page [options of build.mjs...]: the module and build/web/site.
build_page() {
  install_page
  install_node_modules
  configure_wasm
  build_in build/wasm officer reader
  step "page" node clients/web/build.mjs "$@"
}

# What tests, pictures and figures of the page need beside the page itself.
install_page_tests() {
  install_page
  install "${page_test_packages[@]}"
  find_node20
  install_node_modules
}

# run_page_tests [options of run.mjs...]
run_page_tests() { "$node20" clients/web/tests/run.mjs "$@"; }

# test_page [filter]: checks, unit tests, and the page in Chromium. The count is left in
# build/web/tests.count.
test_page() {
  install_page_tests
  build_release khuyenhoc khuyenhoc-server khuyenhoc-link
  build_page --gate
  local web=clients/web
  step "rules of $web" node $web/check.mjs --self-test
  step "rules of $web" node $web/check.mjs
  step "types of $web" node $web/types.mjs
  step "format of $web" env -C $web node_modules/.bin/prettier --check --log-level warn .
  step "tests of the page" run_page_tests --count build/web/tests.count ${1:+--filter "$1"}
}

# The page's share of all tests: adds to the counts of whoever calls it, $passed, $failed, $skipped.
# Without the tools that it needs it counts as skipped, and says so.
count_page_tests() {
  local result=0 good=0 bad=0 left=0
  if ! (install_page_tests && install_node_modules &&
    step "sources of libsodium and zstd" fetch_wasm_sources); then
    echo "== the page is not tested: what it needs is not here, see above and docs/web.md"
    ((skipped += 1))
    return 0
  fi
  rm -f build/web/tests.count
  (test_page) || result=1
  [[ ! -f build/web/tests.count ]] || read -r good bad left <build/web/tests.count
  ((result == 0 || bad > 0)) || bad=1
  ((passed += good, failed += bad, skipped += left)) || true
}

screens_of_page() {
  install_page_tests
  build_release khuyenhoc khuyenhoc-server
  build_page
  step "pictures of every screen" run_page_tests screens
}

# measure_page [name...]: how fast the page is, as a table.
measure_page() {
  install_page_tests
  build_release khuyenhoc khuyenhoc-server khuyenhoc-link
  build_page
  step "figures of the page" run_page_tests measure "$@"
}

web() {
  local verb=${1:-build}
  (($# == 0)) || shift
  case $verb in
    build) build_page "$@" ;;
    test) test_page "$@" ;;
    screens) screens_of_page ;;
    measure) measure_page "$@" ;;
    *) fail "web does not know $verb; see tools/dev web --help" ;;
  esac
}
