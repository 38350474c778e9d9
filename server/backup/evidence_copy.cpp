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

/// Whether the file has the digest that its shelf and its name are.
/// Errors: io_failed, storage_corrupt.
Result<void> check_file(const fs::path& path) {
  const Result<std::string> content = read_file(path);
  if (!content) return content.error();
  const std::string digest = events::to_hex(events::sha256(events::bytes_of(*content)).bytes);
  if (path.parent_path().filename().string() + path.filename().string() == digest) return {};
  return Error{ErrorCode::storage_corrupt,
               path.string() + " does not have the digest that is its name"};
}

Result<void> visit_shelf(const fs::path& shelf, const EvidenceVisitor& visit) {
  std::error_code error;
  fs::directory_iterator each(shelf, error);
  for (; !error && each != fs::directory_iterator(); each.increment(error)) {
    if (Result<void> done = visit(each->path(), check_file(each->path())); !done) return done;
  }
  if (error) return Error{ErrorCode::io_failed, shelf.string() + ": " + error.message()};
  return {};
}

}  // namespace

Result<void> visit_evidence(const fs::path& files, const EvidenceVisitor& visit,
                            const OnProgress& on_progress) {
  const Result<std::vector<fs::path>> shelves = shelves_of(files);
  if (!shelves) return shelves.error();
  std::uint64_t done = 0;
  for (const fs::path& shelf : *shelves) {
    if (Result<void> done_with = visit_shelf(shelf, visit); !done_with) return done_with;
    if (on_progress) on_progress("verify evidence", ++done, shelves->size());
  }
  return {};
}

Result<void> check_evidence(const fs::path& files, const OnProgress& on_progress) {
  const EvidenceVisitor refuse = [](const fs::path&, const Result<void>& whole) { return whole; };
  return visit_evidence(files, refuse, on_progress);
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
