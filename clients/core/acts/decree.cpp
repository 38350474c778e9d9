#include "clients/core/acts/decree.h"

#include "events/archive/compact.h"
#include "events/base/ranges.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace clients::acts {

using events::Day;
using events::Result;
using events::UnitId;
using projections::Unit;
using projections::Units;

namespace {

constexpr std::size_t rows_max = 128;
/// What an event of a decree may take beside its header, below event_bytes_max.
constexpr std::size_t payload_bytes_max = 7 * 1024;
constexpr std::size_t hamlets_max = 256;

bool is_whole(const events::UnitsChangeRow& row) { return row.hamlets.empty(); }

/// What a decree says as a whole, to judge one line of it.
class Judged {
 public:
  Judged(const Units& units, Day effective, std::span<const DecreeLine> lines)
      : units_(units), effective_(effective), eve_{effective.value - 1} {
    for (const DecreeLine& line : lines) {
      if (is_whole(line.row)) whole_.emplace(line.row.from, line.number);
      for (const UnitId hamlet : line.row.hamlets) moved_.emplace(hamlet, line.number);
    }
  }

  /// The first thing that is wrong; an empty `why` when nothing is.
  BadLine judge(const DecreeLine& line) const {
    const auto bad = [&](std::string_view column, std::string why) {
      return BadLine{line.number, column, std::move(why)};
    };
    const Unit& from = *units_.find(line.row.from);
    const Unit& to = *units_.find(line.row.to);
    if (from.closed_from) return bad("from", "đơn vị này đã có ngày kết thúc");
    if (!from.is_open_on(eve_)) return bad("from", "đơn vị này chưa có trước ngày thay đổi");
    if (line.row.from == line.row.to) return bad("to", "đơn vị mới trùng đơn vị cũ");
    if (!to.is_open_on(effective_)) return bad("to", "đơn vị mới không có trong ngày thay đổi");
    if (const auto end = whole_.find(line.row.to); end != whole_.end()) {
      return bad("to", "đơn vị mới cũng kết thúc theo dòng " + std::to_string(end->second));
    }
    if (is_whole(line.row)) {
      const std::size_t first = whole_.find(line.row.from)->second;
      if (first != line.number) {
        return bad("from", "đơn vị này đã đi trọn theo dòng " + std::to_string(first));
      }
      if (projections::fits_in_place_of(to.kind_on(effective_), from.kind_on(eve_)))
        return bad({}, {});
      return bad("to", "đơn vị mới không cùng cấp với đơn vị cũ");
    }
    return judge_hamlets(line, from, to);
  }

 private:
  BadLine judge_hamlets(const DecreeLine& line, const Unit& from, const Unit& to) const {
    const auto bad = [&](std::string_view column, std::string why) {
      return BadLine{line.number, column, std::move(why)};
    };
    if (!projections::is_commune_level(from)) return bad("from", "chỉ cấp xã mới chia thôn");
    if (!projections::is_commune_level(to)) return bad("to", "thôn chỉ thuộc đơn vị cấp xã");
    for (const UnitId id : line.row.hamlets) {
      const Unit& hamlet = *units_.find(id);
      const std::string& name = hamlet.version_on(eve_).name;
      if (!projections::is_hamlet(hamlet) || !hamlet.is_open_on(eve_) ||
          units_.on(eve_).parent_of(id) != line.row.from) {
        return bad("hamlets", name + " không phải thôn của đơn vị cũ");
      }
      // The first line keeps it; within one line it stands once, too.
      const std::size_t first = moved_.find(id)->second;
      if (first != line.number) {
        return bad("hamlets", name + " đã đi theo dòng " + std::to_string(first));
      }
      if (events::ranges::count(line.row.hamlets, id) > 1) {
        return bad("hamlets", name + " được nêu hai lần");
      }
    }
    return bad({}, {});
  }

  const Units& units_;
  Day effective_;
  Day eve_;
  std::map<UnitId, std::size_t> whole_;  ///< The first line by which each unit ends.
  std::map<UnitId, std::size_t> moved_;  ///< The first line by which each hamlet moves.
};

/// The rows, with long lists of hamlets cut.
std::vector<events::UnitsChangeRow> cut(const events::UnitsChangeRow& row) {
  std::vector<events::UnitsChangeRow> rows;
  for (std::size_t first = 0; first < row.hamlets.size(); first += hamlets_max) {
    const std::size_t end = std::min(first + hamlets_max, row.hamlets.size());
    const auto at = [&](std::size_t index) {
      return row.hamlets.begin() + static_cast<std::ptrdiff_t>(index);
    };
    rows.push_back({row.from, row.to, {at(first), at(end)}});
  }
  if (rows.empty()) rows.push_back(row);
  return rows;
}

/// Where what is in a unit of the decree goes.
class Flows {
 public:
  explicit Flows(std::span<const DecreeLine> lines) {
    for (const DecreeLine& line : lines) {
      const events::UnitsChangeRow& row = line.row;
      changed_.emplace(row.from, false);
      if (is_whole(row)) heirs_.emplace(row.from, row.to);
      for (const UnitId hamlet : row.hamlets) {
        moved_.emplace(hamlet, row.to);
        changed_[row.from] = true;
      }
    }
  }

  /// The heir of a unit that ends; none of one that goes on.
  UnitId heir_of(UnitId unit) const {
    const auto found = heirs_.find(unit);
    return found == heirs_.end() ? UnitId{} : found->second;
  }
  bool is_changed(UnitId unit) const { return changed_.contains(unit); }
  bool is_split(UnitId unit) const {
    const auto found = changed_.find(unit);
    return found != changed_.end() && found->second;
  }
  /// Where a home in `from` lies afterwards; none: where it lay.
  UnitId target_of(UnitId home, UnitId from) const {
    const auto found = moved_.find(home);
    return found == moved_.end() ? heir_of(from) : found->second;
  }

 private:
  std::map<UnitId, UnitId> heirs_;
  std::map<UnitId, UnitId> moved_;  ///< By hamlet.
  std::map<UnitId, bool> changed_;  ///< Whether hamlets of it go elsewhere than the rest.
};

std::vector<DecreePreview::Flow> flows_of(const projections::State& state, Day eve,
                                          const Flows& flows) {
  const projections::UnitsOnDay before = state.units().on(eve);
  std::map<std::pair<UnitId, UnitId>, DecreePreview::Flow> found;
  for (const projections::Dossier& dossier : state.dossiers().all()) {
    const UnitId from = before.commune_of(dossier.home_unit);
    if (!flows.is_changed(from)) continue;
    // A home that is a closed hamlet lies where its heir lies.
    const UnitId home = before.current(dossier.home_unit);
    const UnitId to = flows.target_of(home, from);
    if (to.is_none()) continue;
    DecreePreview::Flow& flow = found[{from, to}];
    flow.from = from;
    flow.to = to;
    ++flow.dossiers;
    if (is_open(dossier)) ++flow.open;
    if (home == from && flows.is_split(from)) ++flow.unallocated;
  }
  std::vector<DecreePreview::Flow> all;
  for (const auto& [key, flow] : found) all.push_back(flow);
  return all;
}

std::vector<DecreePreview::RoleEnd> roles_of(const projections::State& state, Day effective,
                                             const Flows& flows) {
  std::vector<DecreePreview::RoleEnd> roles;
  std::set<std::pair<UnitId, std::pair<events::PersonId, events::Role>>> held;
  for (const projections::Grant& grant : state.access().grants()) {
    if (!grant.is_over_on(effective)) held.insert({grant.unit, {grant.person, grant.role}});
  }
  for (const projections::Grant& grant : state.access().grants()) {
    const UnitId heir = grant.unit.is_none() ? UnitId{} : flows.heir_of(grant.unit);
    if (heir.is_none() || grant.is_over_on(effective)) continue;
    const bool is_proposed =
        projections::is_of_one_level(state.units().find(heir)->kind_on(effective),
                                     state.units().find(grant.unit)->kind_on(effective)) &&
        held.insert({heir, {grant.person, grant.role}}).second;
    roles.push_back({grant.id, grant.person, grant.role, grant.unit, is_proposed ? heir : UnitId{},
                     grant.end().value_or(Day{})});
  }
  return roles;
}

}  // namespace

bool is_open(const projections::Dossier& dossier) {
  using enum events::DossierState;
  return dossier.state != none && dossier.state != recognized && dossier.state != not_recognized &&
         dossier.state != withdrawn;
}

std::vector<BadLine> bad_lines(const Units& units, Day effective,
                               std::span<const DecreeLine> lines) {
  std::vector<BadLine> bad;
  const Judged judged(units, effective, lines);
  for (const DecreeLine& line : lines) {
    BadLine found = judged.judge(line);
    if (!found.why.empty()) bad.push_back(std::move(found));
  }
  return bad;
}

Result<std::vector<Decree>> pieces_of(const std::string& basis, Day effective,
                                      std::span<const DecreeLine> lines) {
  std::vector<UnitId> order;
  std::map<UnitId, std::vector<events::UnitsChangeRow>> by_unit;
  for (const DecreeLine& line : lines) {
    std::vector<events::UnitsChangeRow>& rows = by_unit[line.row.from];
    if (rows.empty()) order.push_back(line.row.from);
    for (events::UnitsChangeRow& row : cut(line.row)) rows.push_back(std::move(row));
  }
  std::vector<Decree> pieces;
  std::size_t bytes = 0;
  for (const UnitId unit : order) {
    std::vector<events::UnitsChangeRow>& rows = by_unit[unit];
    std::size_t needed = 0;
    for (const events::UnitsChangeRow& row : rows) needed += events::encode(row).size();
    if (rows.size() > rows_max || needed + basis.size() > payload_bytes_max) {
      return events::Error{
          events::ErrorCode::too_large,
          "một đơn vị có quá nhiều thôn đi nơi khác để ghi thành một việc; hãy tách "
          "quyết định thành hai, theo hai ngày"};
    }
    const bool begins = pieces.empty() || pieces.back().rows.size() + rows.size() > rows_max ||
                        bytes + needed > payload_bytes_max;
    if (begins) {
      pieces.push_back({basis, effective, {}});
      bytes = basis.size();
    }
    bytes += needed;
    for (events::UnitsChangeRow& row : rows) pieces.back().rows.push_back(std::move(row));
  }
  return pieces;
}

DecreePreview preview_of(const projections::State& state, Day effective,
                         std::span<const DecreeLine> lines) {
  DecreePreview preview;
  for (const DecreeLine& line : lines) {
    const events::UnitsChangeRow& row = line.row;
    if (is_whole(row)) preview.ends.push_back({row.from, row.to});
    for (const UnitId hamlet : row.hamlets) preview.moves.push_back({hamlet, row.from, row.to});
  }
  const Flows flows(lines);
  preview.flows = flows_of(state, Day{effective.value - 1}, flows);
  preview.roles = roles_of(state, effective, flows);
  return preview;
}

std::vector<NewGrant> successor_grants(const DecreePreview& preview, Day effective,
                                       const std::string& basis) {
  std::vector<NewGrant> grants;
  for (const DecreePreview::RoleEnd& end : preview.roles) {
    if (end.successor.is_none()) continue;
    grants.push_back({end.person, end.role, end.successor, effective, end.valid_to, basis});
  }
  return grants;
}

}  // namespace clients::acts
