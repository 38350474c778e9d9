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
  ((major >= ${1:-18})) || fail "node $major is too old: this needs node ${1:-18}, see docs/web.md"
}

# The packages that the lock file names, once for each change of it.
install_node_modules() {
  local web=clients/web
  [[ $web/node_modules/.package-lock.json -nt $web/package-lock.json ]] ||
    step "packages of the page" npm --prefix $web ci --no-fund --no-audit
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
  build_in build/wasm officer
  step "page" node clients/web/build.mjs "$@"
}

# test_page [filter]: checks, unit tests, and the page in Chromium.
test_page() {
  install_page 20
  install "${page_test_packages[@]}"
  build_page --gate
  local web=clients/web
  step "rules of $web" node $web/check.mjs --self-test
  step "rules of $web" node $web/check.mjs
  step "types of $web" node $web/types.mjs
  step "format of $web" env -C $web node_modules/.bin/prettier --check --log-level warn .
  step "tests of the page" node $web/tests/run.mjs ${1:+--filter "$1"}
}

screens_of_page() {
  install_page 20
  install "${page_test_packages[@]}"
  build_page
  step "pictures of every screen" node clients/web/tests/run.mjs screens
}

web() {
  local verb=${1:-build}
  (($# == 0)) || shift
  case $verb in
    build) build_page "$@" ;;
    test) test_page "$@" ;;
    screens) screens_of_page ;;
    *) fail "web does not know $verb; see tools/dev web --help" ;;
  esac
}
