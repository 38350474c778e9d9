#pragma once

#include "events/protocol/file_messages.h"
#include "projections/evidence_files.h"

#include <cstdint>
#include <optional>

namespace server {

/// What the log says about a file, at the moment it was asked.
struct FileFacts {
  events::protocol::FileName name;
  events::Digest sha256;
  std::uint32_t size{};
  events::DossierId dossier;
  events::UnitId scope;
  bool is_stored = false;  ///< EvidenceStored is in the log.

  bool operator==(const FileFacts&) const = default;
};

/// Nothing when the log names no such file with effect.
std::optional<FileFacts> facts_of(const projections::EvidenceFiles& files,
                                  const events::protocol::FileName& name);

}  // namespace server
