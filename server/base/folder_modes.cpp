#include "server/base/folder_modes.h"

#include "server/base/logging.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 3> secrets{"server.key", "sealing.keys", "founding-code"};
constexpr mode_t others = S_IRWXG | S_IRWXO;

/// Whether the mode had to be changed.
Result<bool> mend(const fs::path& path) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) {
    if (errno == ENOENT) return false;  // A database removed it in the meantime.
    return Error{ErrorCode::io_failed, path.string() + ": " + std::strerror(errno)};
  }
  const bool is_kept = S_ISDIR(facts.st_mode) || S_ISREG(facts.st_mode);
  if (!is_kept || (facts.st_mode & others) == 0) return false;
  const mode_t mode = facts.st_mode & S_IRWXU;
  if (::chmod(path.c_str(), mode) == 0) return true;
  return Error{ErrorCode::not_permitted,
               path.string() +
                   ": other users may read it, and it is not this user's to change; "
                   "run as its owner: chmod -R go= " +
                   path.string()};
}

bool is_secret(const fs::path& path) {
  return std::ranges::find(secrets, path.filename().string()) != secrets.end();
}

/// The entries of `folder`; with `all`, everything below it.
Result<bool> mend_entries(const fs::path& folder, bool all) {
  bool mended = false;
  std::error_code error;
  fs::directory_iterator each(folder, error);
  for (; !error && each != fs::directory_iterator(); each.increment(error)) {
    const fs::path path = each->path();
    if (is_secret(path)) continue;
    const Result<bool> changed = mend(path);
    if (!changed) return changed;
    mended = mended || *changed;
    std::error_code ignored;
    const bool is_folder = each->symlink_status(ignored).type() == fs::file_type::directory;
    if (!is_folder || !(all || *changed)) continue;
    if (const Result<bool> below = mend_entries(path, true); !below) return below;
  }
  if (error) return Error{ErrorCode::io_failed, folder.string() + ": " + error.message()};
  return mended;
}

}  // namespace

Result<void> keep_to_owner(const fs::path& folder) {
  const Result<bool> itself = mend(folder);
  if (!itself) return itself.error();
  const Result<bool> entries = mend_entries(folder, *itself);
  if (!entries) return entries.error();
  if (*itself || *entries) log_warning("modes_mended", {{"folder", folder.string()}});
  return {};
}

}  // namespace server
