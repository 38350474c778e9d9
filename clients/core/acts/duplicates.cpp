#include "clients/core/acts/duplicates.h"

#include "clients/core/acts/typed_text.h"
#include "events/text/folding.h"

#include <algorithm>
#include <map>
#include <set>

namespace clients {
namespace {

/// Whether both dates can be one: a part that is not known says nothing.
bool can_be_one(const events::PartialDate& one, const events::PartialDate& other) {
  const auto fits = [](auto left, auto right) { return left == 0 || right == 0 || left == right; };
  return fits(one.year, other.year) && fits(one.month, other.month) && fits(one.day, other.day);
}

template <class Known>
std::vector<Known> all_alike(const Known& typed, std::span<const Known> known) {
  std::vector<Known> alike;
  for (const Known& other : known) {
    if (is_alike(typed, other)) alike.push_back(other);
  }
  return alike;
}

}  // namespace

std::vector<KnownPerson> known_people(const Workspace& workspace) {
  std::vector<KnownPerson> known;
  for (const projections::Person& person : workspace.pending().subjects().persons()) {
    const auto fields = workspace.private_fields(person.id.event);
    if (!fields) continue;
    const auto* const record = std::get_if<events::PersonRecord>(&*fields);
    if (record == nullptr) continue;
    known.push_back(
        {person.id.event, record->full_name, record->birth, person.home_unit, record->id_number});
  }
  return known;
}

std::vector<KnownCollective> known_collectives(const Workspace& workspace) {
  std::vector<KnownCollective> known;
  for (const projections::Collective& collective : workspace.pending().subjects().collectives()) {
    std::string name = workspace.name_of(collective.id.event);
    if (name.empty()) continue;
    known.push_back({collective.id.event, collective.kind, std::move(name), collective.home_unit});
  }
  return known;
}

bool is_alike(const KnownPerson& one, const KnownPerson& other) {
  if (!one.id_number.empty() && !other.id_number.empty()) {
    return one.id_number == other.id_number;
  }
  return one.home == other.home && can_be_one(one.birth, other.birth) &&
         events::folded(one.name) == events::folded(other.name);
}

bool is_alike(const KnownCollective& one, const KnownCollective& other) {
  return one.kind == other.kind && one.home == other.home &&
         events::folded(one.name) == events::folded(other.name);
}

std::vector<KnownPerson> look_alikes(const KnownPerson& typed, std::span<const KnownPerson> known) {
  return all_alike(typed, known);
}

std::vector<KnownCollective> look_alikes(const KnownCollective& typed,
                                         std::span<const KnownCollective> known) {
  return all_alike(typed, known);
}

events::Result<std::vector<KnownPerson>> look_alikes(const Workspace& workspace,
                                                     const acts::NewPerson& person) {
  const events::Result<std::string> name = typed_text(person.record.full_name);
  if (!name) return name.error();
  const KnownPerson typed{{}, *name, person.record.birth, person.home, person.record.id_number};
  return look_alikes(typed, known_people(workspace));
}

events::Result<std::vector<KnownCollective>> look_alikes(const Workspace& workspace,
                                                         const acts::NewCollective& collective) {
  const events::Result<std::string> name = typed_text(collective.name);
  if (!name) return name.error();
  const KnownCollective typed{{}, collective.kind, *name, collective.home};
  return look_alikes(typed, known_collectives(workspace));
}

std::vector<std::pair<KnownPerson, KnownPerson>> suspected_pairs(
    std::span<const KnownPerson> known) {
  std::map<std::string, std::vector<std::size_t>> together;
  for (std::size_t index = 0; index < known.size(); ++index) {
    together["name " + events::folded(known[index].name)].push_back(index);
    if (!known[index].id_number.empty()) {
      together["number " + known[index].id_number].push_back(index);
    }
  }
  std::set<std::pair<std::size_t, std::size_t>> found;
  for (const auto& [key, indexes] : together) {
    for (std::size_t first = 0; first < indexes.size(); ++first) {
      for (std::size_t second = first + 1; second < indexes.size(); ++second) {
        if (is_alike(known[indexes[first]], known[indexes[second]])) {
          found.emplace(indexes[first], indexes[second]);
        }
      }
    }
  }
  std::vector<std::pair<KnownPerson, KnownPerson>> pairs;
  for (const auto& [first, second] : found) pairs.emplace_back(known[first], known[second]);
  return pairs;
}

}  // namespace clients
