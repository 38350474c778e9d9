#pragma once

#include "events/base/result.h"

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

namespace clients {

/// Looks whether a device may be in `home`, before anything is opened there.
/// Errors:  not_found: there is no such folder; invalid_argument: it is a file; device_denied: this
///          user may not read it, so nobody knows whether a device is in it; not_enrolled: there is
///          none; device_storage.  The first two in Vietnamese.
events::Result<void> check_home(const std::filesystem::path& home);
/// Makes the folder of a device that enrols, for its owner only.
/// Errors:  invalid_argument: it is a file; device_denied, device_storage.
events::Result<void> make_home(const std::filesystem::path& home);

/// Where the database of a device lies.
std::filesystem::path store_folder(const std::filesystem::path& home);

/// The program that writes in a home.
struct HomeHolder {
  pid_t process{};
  std::string command;  ///< As it was typed; empty when it is not known.
};
/// Nothing when nobody writes there.
/// Expects: this process does not write there itself: looking would let go of its lock.
std::optional<HomeHolder> holder_of(const std::filesystem::path& home);

/// Says in a home, for as long as it lives, which command of this process writes there.  It only
/// helps others to say who keeps them waiting: where it cannot be written, nothing is said.
class HolderNote {
 public:
  HolderNote(const std::filesystem::path& home, const std::string& command);
  HolderNote(const HolderNote&) = delete;
  HolderNote& operator=(const HolderNote&) = delete;
  ~HolderNote();

 private:
  std::filesystem::path path_;
};

}  // namespace clients
