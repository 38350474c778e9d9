#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace clients_test {

/// A folder for a device, gone at the end of the test.
class ScratchHome {
 public:
  ScratchHome() {
    std::string form = (std::filesystem::temp_directory_path() / "clients-XXXXXX").string();
    path_ = ::mkdtemp(form.data());
  }
  ScratchHome(const ScratchHome&) = delete;
  ScratchHome& operator=(const ScratchHome&) = delete;
  ~ScratchHome() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path home() const { return path_ / "home"; }

 private:
  std::filesystem::path path_;
};

}  // namespace clients_test
