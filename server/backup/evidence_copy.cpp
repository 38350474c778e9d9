#include "server/backup/evidence_copy.h"

#include "events/crypto/digest.h"
#include "server/backup/file_copy.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace fs = std::filesystem;

namespace {

/// Directories of a store are named by the first byte of the digests in them.
bool is_shelf(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename();
  const bool is_hex = std::ranges::all_of(
      name, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  std::error_code unknown;
  return entry.is_directory(unknown) && name.size() == 2 && is_hex;
}

Result<std::vector<fs::path>> shelves_of(const fs::path& files) {
  std::vector<fs::path> shelves;
  std::error_code error;
  if (!fs::exists(files, error)) return shelves;
  fs::directory_iterator each(files, error);
  for (; !error && each != fs::directory_iterator(); each.increment(error)) {
    if (is_shelf(*each)) shelves.push_back(each->path());
  }
  if (error) return Error{ErrorCode::io_failed, files.string() + ": " + error.message()};
  std::ranges::sort(shelves);
  return shelves;
}

Result<void> check_shelf(const fs::path& shelf) {
  std::error_code error;
  fs::directory_iterator each(shelf, error);
  for (; !error && each != fs::directory_iterator(); each.increment(error)) {
    const fs::path& path = each->path();
    const Result<std::string> content = read_file(path);
    if (!content) return content.error();
    const std::string digest = events::to_hex(events::sha256(events::bytes_of(*content)).bytes);
    if (shelf.filename().string() + path.filename().string() != digest) {
      return Error{ErrorCode::storage_corrupt,
                   path.string() + " does not have the digest that is its name"};
    }
  }
  if (error) return Error{ErrorCode::io_failed, shelf.string() + ": " + error.message()};
  return {};
}

}  // namespace

Result<void> check_evidence(const fs::path& files, const OnProgress& on_progress) {
  const Result<std::vector<fs::path>> shelves = shelves_of(files);
  if (!shelves) return shelves.error();
  std::uint64_t done = 0;
  for (const fs::path& shelf : *shelves) {
    if (Result<void> whole = check_shelf(shelf); !whole) return whole;
    if (on_progress) on_progress("verify evidence", ++done, shelves->size());
  }
  return {};
}

Result<void> copy_evidence(const fs::path& from, const fs::path& to,
                           const OnProgress& on_progress) {
  const Result<std::vector<fs::path>> shelves = shelves_of(from);
  if (!shelves) return shelves.error();
  if (Result<void> made = make_empty_directory(to); !made) return made;
  std::uint64_t done = 0;
  for (const fs::path& shelf : *shelves) {
    if (Result<void> copied = copy_directory(shelf, to / shelf.filename(), {}); !copied) {
      return copied;
    }
    if (on_progress) on_progress("copy evidence", ++done, shelves->size());
  }
  if (Result<void> synced = sync_directory(to); !synced) return synced;
  return check_evidence(to, on_progress);
}

}  // namespace server
