#include "server/files/file_facts.h"

namespace server {

std::optional<FileFacts> facts_of(const projections::EvidenceFiles& files,
                                  const events::protocol::FileName& name) {
  const projections::EvidenceFile* const file = files.find(name.attached);
  const bool is_part =
      name.part == events::FilePart::original || name.part == events::FilePart::thumbnail;
  if (file == nullptr || !is_part || !file->part(name.part).is_named()) return std::nullopt;
  const projections::FileStanding& standing = file->part(name.part);
  return FileFacts{name,          standing.sha256, standing.size,
                   file->dossier, file->scope,     standing.is_stored()};
}

}  // namespace server
