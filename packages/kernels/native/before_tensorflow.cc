// Part of midtrain (MIT). A small addon that `midtrain setup tensorflow` compiles, to be loaded before libtensorflow_cc:
// it opens the CUDA libraries that lie beside it, so that nobody needs LD_LIBRARY_PATH, and makes TF_CPP_MIN_LOG_LEVEL
// hold for what TensorFlow prints while it loads.
#include <dlfcn.h>
#include <fcntl.h>
#include <glob.h>
#include <node_api.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace {

std::string OwnFolder() {
  Dl_info self;
  if (dladdr(reinterpret_cast<void *>(&OwnFolder), &self) == 0) return ".";
  const std::string path(self.dli_fname);
  return path.substr(0, path.rfind('/'));
}

void OpenCudaLibraries(const std::string &folder) {
  glob_t found;
  if (glob((folder + "/../nvidia/*/lib/*.so*").c_str(), 0, nullptr, &found) == 0) {
    // What cannot be opened here, TensorFlow looks for itself, and says so.
    for (size_t i = 0; i < found.gl_pathc; ++i) dlopen(found.gl_pathv[i], RTLD_LAZY | RTLD_GLOBAL);
  }
  globfree(&found);
}

// Loads TensorFlow without the notices that its initialisers print past every log level. Where it cannot be loaded,
// loading the binding says why.
void OpenQuietly(const std::string &library) {
  const int kept = dup(STDERR_FILENO);
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (kept >= 0 && nowhere >= 0) dup2(nowhere, STDERR_FILENO);
  dlopen(library.c_str(), RTLD_LAZY | RTLD_LOCAL);
  if (kept >= 0) {
    dup2(kept, STDERR_FILENO);
    close(kept);
  }
  if (nowhere >= 0) close(nowhere);
}

napi_value Init(napi_env, napi_value exports) {
  const std::string folder = OwnFolder();
  OpenCudaLibraries(folder);
  const char *level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
  if (level != nullptr && std::atoi(level) > 0) OpenQuietly(folder + "/libtensorflow_cc.so.2");
  return exports;
}

}  // namespace

NAPI_MODULE(before_tensorflow, Init)
