# Debian packages: what each command needs, and how the missing ones come in.
# shellcheck shell=bash disable=SC2034,SC2154

readonly packages_to_build=(
  g++ cmake ninja-build pkg-config ccache mold
  python3-venv # brings pip, which fetches libtorch
  qt6-base-dev libqt6opengl6-dev qt6-svg-dev qt6-wayland
  qt6-l10n-tools qt6-translations-l10n # the window in German: its words, and Qt's own
  libopenimageio-dev libutf8proc-dev libsqlite3-dev zlib1g-dev libssl-dev libfmt-dev libspdlog-dev
  nlohmann-json3-dev libcli11-dev
  fonts-inter fonts-noto-core
)
readonly packages_to_test=(clang-format-14 xvfb xauth xdotool)

as_root() {
  if [[ $EUID == 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "these commands need root and there is no sudo here; as root, run: $*"
  fi
}

# install_packages WHAT_FOR PACKAGE...: only those that are missing. Asks nothing but, on some machines, sudo's password.
install_packages() {
  local what_for=$1 name status missing=()
  shift
  command -v dpkg-query >/dev/null || die "this set-up knows Debian and its relatives; elsewhere install by hand: $*"
  local -A installed=()
  while read -r name status; do
    if [[ $status == ii* ]]; then installed[$name]=1; fi
  done < <(dpkg-query --show --showformat '${Package} ${db:Status-Abbrev}\n' "$@" 2>/dev/null || true)
  for name in "$@"; do
    if [[ -z ${installed[$name]:-} ]]; then missing+=("$name"); fi
  done
  if [[ ${#missing[@]} == 0 ]]; then return; fi

  say "Debian packages, $what_for: ${missing[*]}"
  if [[ $EUID != 0 ]]; then say "sudo is used for apt-get, and for nothing else"; fi
  as_root apt-get update -qq -o Acquire::Retries=3
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 "${missing[@]}" </dev/null >"$(apt_log)" 2>&1 ||
    { tail -n 20 "$(apt_log)" >&2; die "apt-get failed; all it said is in $(apt_log)"; }
}

apt_log() {
  mkdir -p "$cache"
  echo "$cache/apt.log"
}
