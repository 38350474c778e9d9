#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace bench {

/// A khuyenhoc-server of its own on a free port of this machine; ended with the object.
class ServerProcess {
 public:
  /// Starts the program that stands beside this one and waits until it listens.
  /// Expects: `data` is founded.
  explicit ServerProcess(const std::filesystem::path& data);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  const std::string& url() const { return url_; }

 private:
  pid_t process_ = -1;
  std::string url_;
};

}  // namespace bench
