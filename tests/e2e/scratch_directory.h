#pragma once

#include "events/base/check.h"

#include <cstdlib>
#include <filesystem>
#include <string>

namespace e2e {

/// A directory of its own for one test; removed with the object.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "khuyenhoc-e2e-XXXXXX").string();
    CHECK(::mkdtemp(name.data()) != nullptr, "the temporary directory can be written");
    path_ = name;
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace e2e
