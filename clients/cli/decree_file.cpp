#include "clients/cli/decree_file.h"

#include "clients/cli/csv.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace clients {

using events::Day;
using events::Result;
using events::UnitId;
using projections::Unit;

namespace {

constexpr std::string_view heading = "from,to,hamlets";
constexpr std::size_t field_count = 3;

struct RawLine {
  std::size_t number = 0;
  std::vector<std::string> fields;
  UnitId from;
};

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// Units as they are called on one day.  Files of a whole country name ten thousand of them, most
/// by their codes: these are found without looking at every unit.
class UnitNames {
 public:
  using Counts = std::function<bool(const Unit&)>;

  UnitNames(Session& session, const projections::Units& units, Day day, Counts counts)
      : session_(session), day_(day), counts_(std::move(counts)) {
    for (const Unit& unit : units.all()) {
      const std::string& code = unit.version_on(day).official_code;
      if (code.empty() || !unit.is_open_on(day) || !counts_(unit)) continue;
      const auto [known, is_new] = by_code_.try_emplace(code, unit.id);
      if (!is_new) known->second = UnitId{};
    }
  }

  Result<UnitId> find(std::string_view text) {
    const auto known = by_code_.find(text);
    if (known != by_code_.end() && !known->second.is_none()) return known->second;
    return session_.unit(text, day_, counts_);
  }

 private:
  Session& session_;
  Day day_;
  Counts counts_;
  std::map<std::string, UnitId, std::less<>> by_code_;  ///< None: more than one unit has the code.
};

/// Hamlets are named among those of their commune: elsewhere others have the same names.
class HamletNames {
 public:
  HamletNames(Session& session, const projections::Units& units, Day eve)
      : session_(session), eve_(units.on(eve)) {}

  Result<std::vector<UnitId>> find(std::string_view texts, UnitId commune) {
    std::vector<UnitId> hamlets;
    while (!texts.empty()) {
      const std::size_t end = texts.find(';');
      const std::string_view text = trimmed(texts.substr(0, end));
      texts.remove_prefix(end == std::string_view::npos ? texts.size() : end + 1);
      if (text.empty()) continue;
      const Result<UnitId> hamlet = session_.unit(text, eve_.day(), [&](const Unit& unit) {
        return projections::is_hamlet(unit) && eve_.parent_of(unit.id) == commune;
      });
      if (!hamlet) return hamlet.error();
      hamlets.push_back(*hamlet);
    }
    return hamlets;
  }

 private:
  Session& session_;
  projections::UnitsOnDay eve_;
};

}  // namespace

Result<DecreeFile> read_decree_file(Session& session, std::string_view content, Day effective) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  const projections::Units& units = (*device)->workspace().pending().units();
  const Day eve{effective.value - 1};
  DecreeFile file;
  std::vector<RawLine> raw;
  const Result<void> read = read_csv(
      content, heading, [&](std::size_t number, const Result<std::vector<std::string>>& fields) {
        if (!fields) return file.bad.push_back({number, {}, fields.error().message});
        if (fields->size() != field_count) {
          return file.bad.push_back({number, {}, "phải có đúng ba cột"});
        }
        raw.push_back({number, *fields, {}});
      });
  if (!read) return read.error();

  UnitNames before(session, units, eve, [](const Unit&) { return true; });
  std::set<UnitId> ended;
  for (RawLine& line : raw) {
    const Result<UnitId> from = before.find(trimmed(line.fields[0]));
    if (!from) {
      file.bad.push_back({line.number, "from", from.error().message});
      continue;
    }
    line.from = *from;
    if (trimmed(line.fields[2]).empty()) ended.insert(*from);
  }
  UnitNames after(session, units, effective,
                  [&](const Unit& unit) { return !ended.contains(unit.id); });
  HamletNames hamlets_of(session, units, eve);
  for (const RawLine& line : raw) {
    const Result<UnitId> to = after.find(trimmed(line.fields[1]));
    if (!to) file.bad.push_back({line.number, "to", to.error().message});
    if (line.from.is_none()) continue;
    const Result<std::vector<UnitId>> hamlets = hamlets_of.find(line.fields[2], line.from);
    if (!hamlets) file.bad.push_back({line.number, "hamlets", hamlets.error().message});
    if (to && hamlets) file.lines.push_back({line.number, {line.from, *to, *hamlets}});
  }
  return file;
}

}  // namespace clients
