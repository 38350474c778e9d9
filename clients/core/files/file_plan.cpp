#include "clients/core/files/file_plan.h"

#include "clients/core/log/settings.h"
#include "events/base/ranges.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace clients {

using events::ErrorCode;
using events::FilePart;
using events::Result;
namespace protocol = events::protocol;

namespace {

constexpr std::size_t names_max = 4'096;

constexpr std::array<std::pair<std::string_view, OriginalsPolicy>, 3> policies{{
    {"always", OriginalsPolicy::always},
    {"good-link", OriginalsPolicy::good_link},
    {"asked", OriginalsPolicy::asked},
}};

}  // namespace

struct KeptFileNames {
  std::vector<protocol::FileName> names;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(events::bounded<names_max>(names));
  }
};

std::optional<OriginalsPolicy> parse_policy(std::string_view word) {
  for (const auto& [name, policy] : policies) {
    if (name == word) return policy;
  }
  return std::nullopt;
}

std::string_view word_of(OriginalsPolicy policy) {
  for (const auto& [name, each] : policies) {
    if (each == policy) return name;
  }
  return "";
}

Result<OriginalsPolicy> FileRecords::policy() const {
  const Result<std::string> word = read_setting(store_, settings::files_originals);
  if (!word) return word.error();
  return parse_policy(*word).value_or(OriginalsPolicy::good_link);
}

Result<void> FileRecords::set_policy(OriginalsPolicy policy) {
  StoreChange change;
  write_setting(change, settings::files_originals, std::string(word_of(policy)));
  return store_.commit(change);
}

Result<FileRecords::Names> FileRecords::names(const List& list) const {
  const Result<std::optional<KeptFileNames>> kept = read_setting(store_, list);
  if (!kept) return kept.error();
  if (!*kept) return Names{};
  return Names((*kept)->names.begin(), (*kept)->names.end());
}

Result<void> FileRecords::keep(const List& list, const Names& names) {
  if (names.size() > names_max) {
    return events::Error{ErrorCode::too_large, "too many files are asked for at once"};
  }
  StoreChange change;
  write_setting(change, list, KeptFileNames{{names.begin(), names.end()}});
  return store_.commit(change);
}

Result<void> FileRecords::add(const List& list, const protocol::FileName& file) {
  Result<Names> all = names(list);
  if (!all) return all.error();
  if (!all->insert(file).second) return {};
  return keep(list, *all);
}

Result<void> FileRecords::drop(const List& list, const protocol::FileName& file) {
  Result<Names> all = names(list);
  if (!all) return all.error();
  if (all->erase(file) == 0) return {};
  return keep(list, *all);
}

std::vector<FileHere> files_here(const projections::State& state, events::ChainNumber own,
                                 const FileStore& files) {
  std::vector<FileHere> found;
  for (const projections::EvidenceFile& row : state.evidence_files().all()) {
    for (const FilePart part : {FilePart::thumbnail, FilePart::original}) {
      const projections::EvidenceFileStatus& status = row.part(part);
      if (!status.is_named()) continue;
      FileHere file;
      file.name = {row.attached, part};
      file.dossier = row.dossier;
      file.sha256 = status.sha256;
      file.size = status.size;
      file.media = row.media_of(part);
      file.is_own = state.access().made(own, row.attached);
      const Result<bool> is_here = files.contains(status.sha256);
      file.is_here = is_here && *is_here;
      file.is_stored = status.is_stored();
      found.push_back(file);
    }
  }
  return found;
}

std::vector<FileHere> files_left_behind(const Replica& replica, const FileStore& files) {
  std::vector<FileHere> found;
  const OfflineLog& own = replica.own();
  for (std::uint64_t seq = 1; seq <= own.verdicts_known(); ++seq) {
    const OwnEntry& entry = own.entry(seq);
    const auto* const attached = std::get_if<events::EvidenceAttached>(&entry.event.payload);
    if (attached == nullptr || replica.pull().scope.includes(own.scope_in_log(seq))) continue;
    const std::optional<events::StoredEvent> stored = own.stored(seq);
    if (!stored || stored->verdict.code == events::VerdictCode::refused) continue;
    FileHere file;
    file.dossier = events::DossierId{entry.event.header.stream.id};
    file.is_own = true;
    file.is_left_behind = true;
    const auto add = [&](FilePart part, const events::Digest& sha256, std::uint32_t size,
                         events::MediaType media) {
      const Result<bool> is_here = files.contains(sha256);
      if (!is_here || !*is_here) return;
      file.name = {entry.event.id(), part};
      file.sha256 = sha256;
      file.size = size;
      file.media = media;
      file.is_here = true;
      found.push_back(file);
    };
    if (attached->thumbnail) {
      add(FilePart::thumbnail, attached->thumbnail->sha256, attached->thumbnail->size,
          events::MediaType::jpeg);
    }
    add(FilePart::original, attached->original.sha256, attached->original.size,
        attached->original.media);
  }
  return found;
}

Result<bool> is_to_be_brought(const Replica& replica, const FileStore& files,
                              const protocol::FileName& file) {
  const projections::State& confirmed = replica.overlay().confirmed();
  if (confirmed.access().made(replica.identity().chain, file.attached)) return true;
  const projections::EvidenceFile* const row = confirmed.evidence_files().find(file.attached);
  if (row == nullptr || !row->part(file.part).is_named()) return false;
  return files.contains(row->part(file.part).sha256);
}

Result<void> erase_left_behind(const Replica& replica, FileStore& files,
                               const FileRecords::Names& delivered) {
  // Equal bytes have one place, and may be named by more than one event.
  std::set<events::Digest> kept;
  for (const FileHere& file :
       files_here(replica.overlay().pending(), replica.identity().chain, files)) {
    kept.insert(file.sha256);
  }
  const Result<FileRecords::Names> damaged = FileRecords(replica.store()).damaged();
  if (!damaged) return damaged.error();
  const std::vector<FileHere> behind = files_left_behind(replica, files);
  for (const FileHere& file : behind) {
    // Under a name that counts as damaged nobody offers it.
    const bool is_over = delivered.contains(file.name) || damaged->contains(file.name);
    if (!is_over) kept.insert(file.sha256);
  }
  for (const FileHere& file : behind) {
    if (kept.contains(file.sha256)) continue;
    if (Result<void> erased = files.erase(file.sha256); !erased) return erased;
  }
  return {};
}

Result<bool> is_damaged(const Replica& replica, const FileStore& files,
                        const protocol::FileName& file) {
  const projections::EvidenceFile* const row =
      replica.overlay().pending().evidence_files().find(file.attached);
  std::optional<events::Digest> named;
  if (row != nullptr) {
    named = row->part(file.part).sha256;
  } else {
    const std::vector<FileHere> left = files_left_behind(replica, files);
    const auto found = events::ranges::find(left, file, &FileHere::name);
    if (found != left.end()) named = found->sha256;
  }
  // Whoever offers a file looks whether it is whole.
  if (!named || !files.is_at_hand(*named)) return false;
  const Result<std::optional<events::Bytes>> bytes = files.read(*named);
  if (!bytes && bytes.error().code != ErrorCode::storage_corrupt) return bytes.error();
  return !bytes || !*bytes || events::sha256(**bytes) != *named;
}

Result<FileCounts> file_counts_of(const Replica& replica, const FileStore& files) {
  const Result<FileRecords::Names> damaged = FileRecords(replica.store()).damaged();
  if (!damaged) return damaged.error();
  FileCounts stock;
  std::vector<FileHere> all =
      files_here(replica.overlay().pending(), replica.identity().chain, files);
  events::ranges::move(files_left_behind(replica, files), std::back_inserter(all));
  for (const FileHere& file : all) {
    if (!file.is_own || file.is_stored) continue;
    if (!file.is_here || damaged->contains(file.name)) {
      ++stock.damaged;
      continue;
    }
    const bool is_original = file.name.part == FilePart::original;
    Amount& amount = is_original ? stock.originals : stock.thumbnails;
    ++amount.count;
    amount.bytes += file.size;
  }
  return stock;
}

}  // namespace clients
