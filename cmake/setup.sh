# Shared by ./chipmix and ./test: installs what is missing, configures, builds. Sourced with `root` and `build` set.
# Speaks on stderr only; what the tools say goes to $build/build.log. Every failure ends with exit code 70.
# shellcheck shell=bash

: "${root:?}" "${build:?}"
log=$build/build.log
stamp=$build/.built

say() { printf 'chipmix: %s\n' "$*" >&2; }

fail() {
  say "$1"
  if [[ -s $log ]]; then
    tail -n "${2:-40}" "$log" >&2
    say "the whole log is in $log"
  fi
  exit 70
}

# packages_of SECTION...: the package names in those sections of packages.txt.
packages_of() {
  local line section=
  while read -r line; do
    line=${line%%#*}
    line=${line//[[:space:]]/}
    case $line in
      '') ;;
      \[*\]) section=${line:1:-1} ;;
      *) [[ " $* " == *" $section "* ]] && echo "$line" ;;
    esac
  done < "$root/cmake/packages.txt"
}

# missing PACKAGE...: those that dpkg does not know as installed.
missing() {
  local installed package
  installed=" $(dpkg-query -W -f '${Package}=${db:Status-Status} ' "$@" 2> /dev/null || true)"
  for package; do
    [[ $installed == *" $package=installed "* ]] || echo "$package"
  done
}

# Installs the missing packages of the sections named. Calls apt only if there are any.
install_packages() {
  local -a wanted absent as_root=()
  mapfile -t wanted < <(packages_of "$@")
  if ! command -v dpkg-query > /dev/null; then
    say "not a Debian system: expecting to find ${wanted[*]}"
    return
  fi
  mapfile -t absent < <(missing "${wanted[@]}")
  ((${#absent[@]})) || return 0
  if ((EUID)); then
    command -v sudo > /dev/null || fail "as root, run: apt-get install ${absent[*]}"
    as_root=(sudo)
  fi
  say "installing Debian packages: ${absent[*]}"
  local -a apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update >> "$log" 2>&1 || say "apt-get update failed, trying with the lists at hand"
  "${apt[@]}" install -y --no-install-recommends "${absent[@]}" >> "$log" 2>&1 || fail "cannot install ${absent[*]}"
}

# A build tree belongs to one source folder: a moved or copied project starts afresh.
discard_foreign_build() {
  [[ -f $build/CMakeCache.txt ]] || return 0
  grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$build/CMakeCache.txt" && return 0
  say "the project has moved: building from the start"
  rm -rf "${build:?}/CMakeCache.txt" "$build/CMakeFiles" "$build/build.ninja"
}

# The stamp names the source folder of a finished build of the program and dates the sources it was built from:
# it is written before the build, so that an edit made meanwhile counts as newer, and put in place after it.
begin_stamp() { printf '%s\n' "$root" > "$stamp.new"; }
finish_stamp() { mv "$stamp.new" "$stamp"; }

# configure OPTION...
configure() {
  local -a options=("$@")
  # A compiler cache that cannot write its folder would fail every compilation.
  mkdir -p "${CCACHE_DIR:-${HOME:-/nonexistent}/.cache/ccache}" 2> /dev/null || options+=(-DCHIPMIX_CCACHE=OFF)
  cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release "${options[@]}" >> "$log" 2>&1 ||
    fail "cannot configure the build"
}

# compile TARGET...
compile() {
  cmake --build "$build" --parallel "$(nproc)" --target "$@" >> "$log" 2>&1 || fail "the build failed"
}

# Takes the build tree for this process until it ends, so that two runs at once do not build over one another.
lock_build() {
  mkdir -p "$build" || fail "cannot write to $build; name another folder in CHIPMIX_BUILD"
  exec {build_lock}> "$build/.lock"
  flock "$build_lock"
}

unlock_build() { exec {build_lock}>&-; }
