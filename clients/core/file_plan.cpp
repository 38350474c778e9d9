#include "clients/core/file_plan.h"

#include "events/archive/compact.h"

#include <array>
#include <utility>

namespace clients {

using events::FilePart;
using events::Result;
namespace protocol = events::protocol;

namespace {

constexpr std::size_t names_max = 4'096;
constexpr const char* policy_setting = "files.originals";

struct NameList {
  std::vector<protocol::FileName> names;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(events::bounded<names_max>(names));
  }
};

constexpr std::array<std::pair<std::string_view, OriginalsPolicy>, 3> policies{{
    {"always", OriginalsPolicy::always},
    {"good-link", OriginalsPolicy::good_link},
    {"asked", OriginalsPolicy::asked},
}};

}  // namespace

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

Result<OriginalsPolicy> FileBook::policy() const {
  const auto word = store_.setting(policy_setting);
  if (!word) return word.error();
  return parse_policy(word->value_or("")).value_or(OriginalsPolicy::good_link);
}

Result<void> FileBook::set_policy(OriginalsPolicy policy) {
  StoreChange change;
  change.settings.emplace_back(policy_setting, std::string(word_of(policy)));
  return store_.commit(change);
}

Result<FileBook::Names> FileBook::names(const std::string& setting) const {
  const auto text = store_.setting(setting);
  if (!text) return text.error();
  if (!*text) return Names{};
  const Result<NameList> list = events::decode<NameList>(events::bytes_of(**text));
  if (!list) return list.error();
  return Names(list->names.begin(), list->names.end());
}

Result<void> FileBook::keep(const std::string& setting, const Names& names) {
  NameList list;
  list.names.assign(names.begin(), names.end());
  if (list.names.size() > names_max) {
    return events::Error{events::ErrorCode::too_large, "too many files are asked for at once"};
  }
  StoreChange change;
  const events::Bytes encoded = events::encode(list);
  change.settings.emplace_back(setting, std::string(encoded.begin(), encoded.end()));
  return store_.commit(change);
}

Result<void> FileBook::add(const std::string& setting, const protocol::FileName& file) {
  Result<Names> all = names(setting);
  if (!all) return all.error();
  if (!all->insert(file).second) return {};
  return keep(setting, *all);
}

Result<void> FileBook::forget_wanted(const protocol::FileName& file) {
  Result<Names> all = wanted();
  if (!all) return all.error();
  if (all->erase(file) == 0) return {};
  return keep(wanted_setting, *all);
}

std::vector<FileHere> files_here(const projections::State& state, events::ChainNumber own,
                                 const FileStore& files) {
  std::vector<FileHere> found;
  for (const projections::EvidenceFile& row : state.evidence_files().all()) {
    for (const FilePart part : {FilePart::thumbnail, FilePart::original}) {
      const projections::FileStanding& standing = row.part(part);
      if (!standing.is_named()) continue;
      FileHere file;
      file.name = {row.attached, part};
      file.dossier = row.dossier;
      file.sha256 = standing.sha256;
      file.size = standing.size;
      file.media = row.media_of(part);
      file.is_own = row.attached.chain() == own;
      const Result<bool> is_here = files.contains(standing.sha256);
      file.is_here = is_here && *is_here;
      file.is_stored = standing.is_stored();
      found.push_back(file);
    }
  }
  return found;
}

events::Result<FileStock> take_file_stock(const projections::State& state, events::ChainNumber own,
                                          const FileStore& files, const FileBook& book) {
  const events::Result<FileBook::Names> damaged = book.damaged();
  if (!damaged) return damaged.error();
  FileStock stock;
  for (const FileHere& file : files_here(state, own, files)) {
    if (!file.is_own || file.is_stored) continue;
    if (!file.is_here || damaged->contains(file.name)) {
      ++stock.damaged;
      continue;
    }
    const bool is_original = file.name.part == events::FilePart::original;
    Amount& amount = is_original ? stock.originals : stock.thumbnails;
    ++amount.count;
    amount.bytes += file.size;
  }
  return stock;
}

}  // namespace clients
