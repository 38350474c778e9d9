#include "clients/web/bindings/people_index.h"

#include "clients/core/acts/duplicates.h"
#include "events/text/folding.h"

#include <algorithm>
#include <utility>

namespace clients::web {
namespace {

void fill(IndexedPerson& person, const Workspace& workspace) {
  const auto fields = workspace.private_fields(person.id.event);
  const auto* const record = fields ? std::get_if<events::PersonRecord>(&*fields) : nullptr;
  if (record == nullptr) return;
  person.name = record->full_name;
  person.birth = record->birth;
  person.id_number = record->id_number;
  person.folded = events::folded(record->full_name);
  person.unmarked = events::without_marks(record->full_name);
  const std::size_t blank = person.unmarked.rfind(' ');
  person.given = blank == std::string::npos ? person.unmarked : person.unmarked.substr(blank + 1);
}

/// Whether a word of `text` begins with `word`.
bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    if (at == 0 || text[at - 1] == ' ') return true;
  }
  return false;
}

std::vector<std::string_view> words_in(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end != 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

bool has_all(std::string_view text, const std::vector<std::string_view>& words) {
  return std::all_of(words.begin(), words.end(),
                     [&](std::string_view word) { return has_word(text, word); });
}

bool comes_before(const IndexedPerson& one, const IndexedPerson& other) {
  if (one.given != other.given) return one.given < other.given;
  if (one.unmarked != other.unmarked) return one.unmarked < other.unmarked;
  if (one.folded != other.folded) return one.folded < other.folded;
  // Namesakes have an order, too, or every build would show them in another one.
  return one.id < other.id;
}

}  // namespace

void PeopleIndex::refresh(const Workspace& workspace) {
  std::size_t index = 0;
  for (const projections::Person& person : workspace.pending().subjects().persons()) {
    // Taking an event back, or a pull that begins anew, gives places to others.
    if (index < people_.size() && people_[index].id != person.id) people_.resize(index);
    if (index == people_.size()) people_.emplace_back().id = person.id;
    IndexedPerson& row = people_[index++];
    row.home = person.home_unit;
    if (row.name.empty()) fill(row, workspace);
  }
  people_.resize(index);
}

const IndexedPerson* PeopleIndex::find(events::PersonId id) const {
  const auto found = std::find_if(people_.begin(), people_.end(),
                                  [&](const IndexedPerson& person) { return person.id == id; });
  return found == people_.end() ? nullptr : &*found;
}

std::vector<const IndexedPerson*> PeopleIndex::search(std::string_view query, events::UnitId unit,
                                                      const projections::UnitsOnDay& units) const {
  const std::string folded = events::folded(query);
  const std::string unmarked = events::without_marks(query);
  const std::vector<std::string_view> exact_words = words_in(folded);
  const std::vector<std::string_view> words = words_in(unmarked);
  std::vector<std::pair<int, const IndexedPerson*>> found;
  for (const IndexedPerson& person : people_) {
    if (!unit.is_none() && !units.lies_in(person.home, unit)) continue;
    if (!has_all(person.unmarked, words)) continue;
    // What was typed with its marks comes before what only looks like it.
    found.emplace_back(has_all(person.folded, exact_words) ? 0 : 1, &person);
  }
  std::sort(found.begin(), found.end(), [](const auto& one, const auto& other) {
    if (one.first != other.first) return one.first < other.first;
    return comes_before(*one.second, *other.second);
  });
  std::vector<const IndexedPerson*> people;
  people.reserve(found.size());
  for (const auto& [rank, person] : found) people.push_back(person);
  return people;
}

std::vector<const IndexedPerson*> PeopleIndex::look_alikes(std::string_view name,
                                                           const events::PartialDate& birth,
                                                           events::UnitId home,
                                                           std::string_view id_number) const {
  const std::string folded = events::folded(name);
  std::vector<const IndexedPerson*> alike;
  for (const IndexedPerson& person : people_) {
    // The letters first, since they are at hand.
    const bool has_name = !folded.empty() && person.folded == folded;
    const bool may_be = has_name || (!id_number.empty() && person.id_number == id_number);
    if (!may_be) continue;
    const KnownPerson typed{{}, std::string(name), birth, home, std::string(id_number)};
    const KnownPerson known{person.id.event, person.name, person.birth, person.home,
                            person.id_number};
    if (is_alike(typed, known)) alike.push_back(&person);
  }
  return alike;
}

}  // namespace clients::web
