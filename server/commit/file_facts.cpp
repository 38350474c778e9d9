#include "server/commit/file_facts.h"

#include <algorithm>

namespace server {

std::optional<FileFacts> facts_of(const projections::EvidenceFiles& files,
                                  const events::protocol::FileName& name) {
  const projections::EvidenceFile* const file = files.find(name.attached);
  const bool is_part =
      name.part == events::FilePart::original || name.part == events::FilePart::thumbnail;
  if (file == nullptr || !is_part || !file->part(name.part).is_named()) return std::nullopt;
  const projections::EvidenceFileStatus& status = file->part(name.part);
  return FileFacts{name,          status.sha256, status.size,
                   file->dossier, file->scope,   status.is_stored()};
}

bool may_read_file(const ReaderRights& rights, const FileFacts& file) {
  const events::ScopeSet scope{file.scope};
  return rights.scope.includes(scope) && rights.may_read_private(scope);
}

StoredFiles stored_files(const projections::EvidenceFiles& files, std::size_t begin,
                         events::Position upto) {
  StoredFiles found;
  const std::size_t count = files.all().size();
  const std::size_t end = std::min(count, begin + stored_files_stretch);
  for (std::size_t index = begin; index < end; ++index) {
    const projections::EvidenceFile& row = files.all().row(index);
    for (const events::FilePart part : {events::FilePart::thumbnail, events::FilePart::original}) {
      const projections::EvidenceFileStatus& status = row.part(part);
      if (!status.is_stored() || status.stored_at > upto) continue;
      found.files.push_back(*facts_of(files, {row.attached, part}));
    }
  }
  found.next = end;
  found.is_last = end >= count;
  return found;
}

}  // namespace server
