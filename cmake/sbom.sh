#!/usr/bin/env bash
# sbom.sh VERSION: what chipmix is built from, as an SPDX 2.3 document on stdout: the [run] packages of packages.txt and
# the Debian packages whose shared libraries those bring in, each with the version installed here.
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
build=$root/build
# shellcheck source=cmake/setup.sh
source "$root/cmake/setup.sh"

version=$1
mapfile -t wanted < <(packages_of run)
mapfile -t depended < <(dpkg-query -W -f='${Depends}\n' "${wanted[@]}" | tr ',|' '\n\n' | sed 's/ *(.*)//; s/ //g; s/:.*//' |
  grep lib | sort -u)
created=$(date -u -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%Y-%m-%dT%H:%M:%SZ)

package() {  # id, name, version, where from
  printf '    {"SPDXID": "SPDXRef-%s", "name": "%s", "versionInfo": "%s", "downloadLocation": "NOASSERTION", ' "$1" "$2" "$3"
  printf '"filesAnalyzed": false, "licenseConcluded": "NOASSERTION", "licenseDeclared": "NOASSERTION", '
  printf '"copyrightText": "NOASSERTION"%s}' "$4"
}

printf '{\n  "spdxVersion": "SPDX-2.3",\n  "dataLicense": "CC0-1.0",\n  "SPDXID": "SPDXRef-DOCUMENT",\n  "name": "chipmix-%s",\n' "$version"
printf '  "documentNamespace": "https://spdx.org/spdxdocs/chipmix-%s",\n' "$version"
printf '  "creationInfo": {"created": "%s", "creators": ["Tool: cmake/sbom.sh"]},\n  "packages": [\n' "$created"
package chipmix chipmix "$version" ""
relations='    {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-chipmix"}'
while IFS=$'\t' read -r name installed; do
  id=$(printf 'debian-%s' "$name" | tr -c 'a-zA-Z0-9.\n-' '-')
  printf ',\n'
  package "$id" "$name" "$installed" ", \"externalRefs\": [{\"referenceCategory\": \"PACKAGE-MANAGER\", \"referenceType\": \"purl\", \"referenceLocator\": \"pkg:deb/debian/$name@${installed//:/%3A}\"}]"
  relations+=$',\n'"    {\"spdxElementId\": \"SPDXRef-$id\", \"relationshipType\": \"BUILD_DEPENDENCY_OF\", \"relatedSpdxElement\": \"SPDXRef-chipmix\"}"
done < <(dpkg-query -W -f='${Package}\t${Version}\t${Status}\n' "${wanted[@]}" "${depended[@]}" 2>/dev/null |
  awk -F'\t' '$3 ~ / installed$/ {print $1 "\t" $2}' | sort -u)
printf '\n  ],\n  "relationships": [\n%s\n  ]\n}\n' "$relations"
