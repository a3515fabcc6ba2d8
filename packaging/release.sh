#!/usr/bin/env bash
# What is handed out for one machine type, made in target/release-files from a clean checkout:
# program with manual and completions as an archive, Debian package, bill of materials, checksums.
# Wants cargo-deb and cargo-cyclonedx (cargo install --locked cargo-deb cargo-cyclonedx).
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C TZ=UTC
umask 022

version="$(sed -n '/^\[workspace.package\]/,/^$/s/^version = "\(.*\)"$/\1/p' Cargo.toml)"
machine="$(rustc -vV | sed -n 's/^host: //p')"
name="tellings-$version-$machine"
out=target/release-files
rm -rf "$out"
mkdir -p "$out/$name"

# The same bytes wherever it is built: no paths, no time. Of the system it needs the C library.
SOURCE_DATE_EPOCH="$(git log -1 --format=%ct)"
export SOURCE_DATE_EPOCH
home="${CARGO_HOME:-$HOME/.cargo}"
sysroot="$(rustc --print sysroot)"
export RUSTFLAGS="--remap-path-prefix=$PWD=/tellings --remap-path-prefix=$home=/cargo --remap-path-prefix=$sysroot=/rust"
export CFLAGS="-ffile-prefix-map=$PWD=/tellings -ffile-prefix-map=$home=/cargo"
cargo build --profile dist --locked -p tellings-cli
program=target/dist/tellings

# Beside the program: what it can write of itself, and what goes with it.
"$program" man "$out/$name/man1"
mkdir "$out/$name/completions"
"$program" completions bash >"$out/$name/completions/tellings.bash"
"$program" completions zsh >"$out/$name/completions/_tellings"
"$program" completions fish >"$out/$name/completions/tellings.fish"
cp "$program" README.md CHANGELOG.md CITATION.cff LICENSE-APACHE LICENSE-MIT packaging/tellings-desk.service "$out/$name/"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --format=gnu \
    -C "$out" -c "$name" | gzip -n9 >"$out/$name.tar.gz"

# The package of Debian takes these from there.
rm -rf target/debian-files
mkdir -p target/debian-files
gzip -n9 "$out/$name"/man1/*.1
mv "$out/$name/man1" "$out/$name/completions" target/debian-files/
sed 's,/usr/local/bin/,/usr/bin/,' packaging/tellings-desk.service >target/debian-files/tellings-desk.service
rm -r "${out:?}/$name"
cargo deb --quiet --no-build --no-strip --profile dist -p tellings-cli --output "$out/"

cargo cyclonedx --quiet --manifest-path crates/tellings-cli/Cargo.toml --format json --override-filename sbom --all
sed "s,file://$PWD,file:///tellings,g" crates/tellings-cli/sbom.json >"$out/tellings-$version.cdx.json"
find crates xtask -name sbom.json -delete

(cd "$out" && sha256sum -- * >SHA256SUMS && cat SHA256SUMS)
printf '%s bytes; needs of the system: %s, glibc %s or newer\n' "$(stat -c %s "$program")" \
    "$(objdump -p "$program" | sed -n 's/^ *NEEDED *//p' | paste -sd ' ')" \
    "$(objdump -T "$program" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -n 1 | cut -d_ -f2)"
