#!/bin/sh
# Gets what the tests of the webgpu backend need on a Debian or Ubuntu machine without a GPU: the npm package `webgpu` (Dawn)
# and SwiftShader, a software Vulkan driver, out of the distribution's chromium-common package. Nothing is installed
# system-wide. Prints the environment to run the tests with:
#
#   eval "$(scripts/setup-webgpu-test.sh build/webgpu)"
#   npm test --workspace @midtrain/kernels
set -eu

folder=${1:?usage: setup-webgpu-test.sh FOLDER}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

cd "$folder"
if [ ! -d node_modules/webgpu ]; then
  [ -f package.json ] || echo '{ "private": true }' > package.json
  npm install --no-audit --no-fund --ignore-scripts webgpu@0.6.2 >&2
fi

driver=$folder/usr/lib/chromium
if [ ! -f "$driver/libvk_swiftshader.so" ]; then
  apt-get download chromium-common >&2
  dpkg -x chromium-common_*.deb "$folder"
  rm chromium-common_*.deb
fi

echo "export NODE_PATH='$folder/node_modules'"
echo "export VK_DRIVER_FILES='$driver/vk_swiftshader_icd.json'"
echo "export LD_LIBRARY_PATH='$driver'"
