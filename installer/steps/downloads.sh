# What comes from PyPI into the shared cache: libtorch, CLIP's vocabulary, and the reference for --oracle.
# Versions and hashes: installer/pins.
# shellcheck shell=bash disable=SC2034,SC2154

readonly pins=$project/installer/pins

# pip_target PINS FOLDER: the pinned wheels, unpacked into FOLDER. The wheels of one Python are taken whatever the
# machine's own is: no Python of theirs is ever run, and so one hash each is enough.
pip_target() {
  local list=$1 folder=$2
  python3 -m venv "$folder/.pip"
  TMPDIR=$folder "$folder/.pip/bin/pip" install --quiet --disable-pip-version-check --no-input --no-cache-dir --no-compile \
    --no-deps --require-hashes --only-binary :all: --python-version 3.11 --implementation cp --abi cp311 \
    --platform manylinux_2_28_x86_64 --platform manylinux_2_27_x86_64 --platform manylinux_2_25_x86_64 \
    --platform manylinux_2_18_x86_64 --platform manylinux2014_x86_64 --platform manylinux2010_x86_64 --platform any \
    --requirement "$list" --target "$folder" </dev/null
  rm -rf "$folder/.pip"
}

# The pieces that compiling, linking and running need, in the wheel's layout: the libraries find each other by it.
libtorch_cpu() {
  local folder=$1 wheel=$1/.wheel
  mkdir "$wheel"
  pip_target "$pins/libtorch-cpu.txt" "$wheel"
  mkdir -p "$folder/torch/lib" "$folder/nvidia/cu13/lib" "$folder/licenses"
  mv "$wheel/torch/include" "$folder/torch/"
  mv "$wheel"/torch/lib/{libtorch_cpu.so,libc10.so,libgomp.so.1} "$folder/torch/lib/"
  mv "$wheel"/nvidia/cu13/lib/{libcupti.so.13,libcudart.so.13} "$folder/nvidia/cu13/lib/"
  mv "$wheel"/*.dist-info "$folder/licenses/"
  rm -rf "$wheel"
}

libtorch_cuda() {
  local folder=$1 wheel=$1/.wheel
  mkdir "$wheel"
  pip_target "$pins/libtorch-cuda.txt" "$wheel"
  mkdir -p "$folder/torch" "$folder/licenses"
  mv "$wheel"/torch/{include,lib} "$folder/torch/"
  rm -rf "$folder"/torch/lib/{libtorch_python.so,libshm*}
  mv "$wheel/nvidia" "$folder/"
  mv "$wheel"/*.dist-info "$folder/licenses/"
  rm -rf "$wheel"
}

vocabulary() {
  local folder=$1 wheel=$1/.wheel
  mkdir "$wheel"
  pip_target "$pins/vocabulary.txt" "$wheel"
  mv "$wheel/open_clip/bpe_simple_vocab_16e6.txt.gz" "$wheel"/*.dist-info "$folder/"
  rm -rf "$wheel"
}

oracle_python() {
  local folder=$1
  python3 -m venv "$folder"
  TMPDIR=$folder "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-cache-dir \
    --requirement "$pins/oracle.txt" </dev/null
}

has_nvidia_driver() { [[ -e /proc/driver/nvidia/version ]]; }

# fetch_libtorch cpu|cuda: sets LIKENESS_TORCH. One that the person has set already stays.
fetch_libtorch() {
  local kind=$1 version name
  if [[ -n ${LIKENESS_TORCH:-} ]]; then return; fi
  [[ $(uname -m) == x86_64 ]] || die "the pinned libtorch is for x86-64; set LIKENESS_TORCH to a libtorch 2.x of this machine"
  version=$(sed -n 's/^torch==\([0-9.]*\).*/\1/p' "$pins/libtorch-cpu.txt")
  name=libtorch-$version-$kind
  if [[ ! -e $cache/$name ]]; then
    case $kind in
      cpu) say "libtorch $version for the CPU, into $cache (544 MB to fetch, once for all checkouts)" ;;
      cuda) say "libtorch $version with CUDA, into $cache (about 2.4 GB to fetch, once for all checkouts)" ;;
    esac
  fi
  into_cache "$name" "libtorch_$kind"
  export LIKENESS_TORCH=$cache/$name/torch
}

fetch_vocabulary() {
  if [[ ! -e $cache/vocabulary ]]; then say "CLIP's vocabulary, for single-file checkpoints (1.5 MB)"; fi
  into_cache vocabulary vocabulary
}

# fetch_oracle: sets LIKENESS_ORACLE_PYTHON. One that the person has set already stays.
fetch_oracle() {
  local name
  if [[ -n ${LIKENESS_ORACLE_PYTHON:-} ]]; then return; fi
  name=oracle-$(sha256sum "$pins/oracle.txt" | cut -c1-12)
  if [[ ! -e $cache/$name ]]; then say "diffusers and its torch, into $cache (2.8 GB to fetch, 5 GB on the disk, once)"; fi
  into_cache "$name" oracle_python
  export LIKENESS_ORACLE_PYTHON=$cache/$name/bin/python
}
