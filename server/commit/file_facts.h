#pragma once

#include "events/protocol/file_messages.h"
#include "projections/state/evidence_files.h"
#include "server/commit/admission.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace server {

/// What the log says about a file, at the moment it was asked.
struct FileFacts {
  events::protocol::FileName name;
  events::Digest sha256;
  std::uint32_t size{};
  events::DossierId dossier;
  events::UnitId scope;
  bool is_stored = false;  ///< EvidenceStored is in the log; the disk may be another since.

  bool operator==(const FileFacts&) const = default;
};

/// Nothing when the log names no such file with effect.
std::optional<FileFacts> facts_of(const projections::EvidenceFiles& files,
                                  const events::protocol::FileName& name);

/// Whether whoever has these rights may have the bytes.
bool may_read_file(const ReaderRights& rights, const FileFacts& file);

/// A stretch of the files that the log calls stored.
struct StoredFiles {
  std::vector<FileFacts> files;
  std::size_t next{};  ///< Where the stretch behind it begins.
  bool is_last = false;
};
/// Events looked at for one stretch.
inline constexpr std::size_t stored_files_stretch = 256;
/// From the event number `begin` of those that name files, in the order of the log: what was said
/// to be stored at `upto` or before.
StoredFiles stored_files(const projections::EvidenceFiles& files, std::size_t begin,
                         events::Position upto);

}  // namespace server
