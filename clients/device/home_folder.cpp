#include "clients/device/home_folder.h"

#include "clients/device/disk_error.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <fstream>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace fs = std::filesystem;

namespace {

fs::path note_path(const fs::path& home) { return home / "in_use"; }

Error not_a_folder(const fs::path& home) {
  return {ErrorCode::invalid_argument,
          fmt::format("“{}” là tệp, không phải thư mục của thiết bị; hãy xem lại --home.",
                      home.string())};
}

}  // namespace

fs::path store_folder(const fs::path& home) { return home / "store"; }

Result<void> check_home(const fs::path& home) {
  std::error_code failure;
  const fs::file_status folder = fs::status(home, failure);
  if (folder.type() == fs::file_type::not_found) {
    return Error{ErrorCode::not_found,
                 fmt::format("Không có thư mục “{}”; hãy xem lại --home.", home.string())};
  }
  if (!fs::status_known(folder)) return disk_error(home, failure);
  if (!fs::is_directory(folder)) return not_a_folder(home);

  const fs::path current = store_folder(home) / "CURRENT";
  const int file = ::open(current.c_str(), O_RDONLY | O_CLOEXEC);
  if (file >= 0) {
    ::close(file);
    return {};
  }
  if (errno != ENOENT && errno != ENOTDIR) return disk_error(home);
  return Error{ErrorCode::not_enrolled, "there is no device in " + home.string()};
}

Result<void> make_home(const fs::path& home) {
  std::error_code failure;
  const fs::file_status there = fs::status(home, failure);
  if (fs::exists(there) && !fs::is_directory(there)) return not_a_folder(home);
  fs::create_directories(store_folder(home), failure);
  if (failure) return disk_error(home, failure);
  fs::permissions(home, fs::perms::owner_all, failure);
  if (failure) return disk_error(home, failure);
  return {};
}

std::optional<HomeHolder> holder_of(const fs::path& home) {
  const int file = ::open((store_folder(home) / "LOCK").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  struct flock lock {};
  lock.l_type = F_RDLCK;
  lock.l_whence = SEEK_SET;
  const bool is_held = ::fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  ::close(file);
  if (!is_held) return std::nullopt;
  HomeHolder holder{lock.l_pid, {}};
  std::ifstream note(note_path(home));
  pid_t noted = 0;
  std::string command;
  // A note of a program that was killed names another process.
  if (note >> noted && noted == holder.process && std::getline(note >> std::ws, command)) {
    holder.command = command;
  }
  return holder;
}

HolderNote::HolderNote(const fs::path& home, const std::string& command) : path_(note_path(home)) {
  std::ofstream note(path_, std::ios::trunc);
  note << ::getpid() << ' ' << command << '\n';
}

HolderNote::~HolderNote() {
  std::error_code ignored;
  fs::remove(path_, ignored);
}

}  // namespace clients
