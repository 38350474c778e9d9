#include "server/commit/admission.h"

#include "server/commit/access_index.h"
#include "tests/server/session/session_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

// What a device may read, by the units of its people's roles.

namespace server::test {
namespace {

using events::Role;
using events::UnitId;

/// A grant that is valid for ever.
projections::Grant a_grant(Role role, UnitId unit) {
  projections::Grant grant;
  grant.role = role;
  grant.unit = unit;
  grant.valid_from = events::Day{1};
  return grant;
}

/// A province with a district and communes in it, and one commune in another province.
class Country {
 public:
  explicit Country(std::size_t communes_in_district) {
    province = create(events::UnitKind::province, {});
    district = create(events::UnitKind::district, province);
    for (std::size_t count = 0; count < communes_in_district; ++count) {
      communes.push_back(create(events::UnitKind::commune, district));
    }
  }
  UnitId create(events::UnitKind kind, UnitId parent) {
    events::UnitCreated unit;
    unit.kind = kind;
    unit.parent = parent;
    unit.name = "Đơn vị";
    unit.valid_from = events::Day{1};
    return UnitId{apply(unit, {})};
  }
  void close(UnitId unit) { apply(events::UnitClosed{unit, events::Day{2}, {}, ""}, unit.event); }

  /// By one decree that holds from day 5 on.
  void decree(std::vector<events::UnitsChangeRow> rows) {
    apply(events::UnitsChanged{"NQ", events::Day{5}, std::move(rows)}, {});
  }

  projections::Units units;
  UnitId province;
  UnitId district;
  std::vector<UnitId> communes;

 private:
  events::EventId apply(events::Payload payload, std::optional<events::EventId> about) {
    events::EventHeader header;
    header.chain = admin_chain;
    header.seq = ++seq_;
    header.stream = {events::StreamKind::unit, about.value_or(header.id())};
    const events::Event event = events::make_event(header, std::move(payload));
    units.apply({events::Position{seq_}, {}, event, {}});
    return header.id();
  }
  std::uint64_t seq_ = 0;
};

ReaderRights rights_of(const projections::Grant& grant, const projections::Units& units,
                       events::Day day = events::Day{10}) {
  ReaderRights rights = rights_of_nobody();
  add_rights(rights, grant, units, day);
  settle(rights, units);
  return rights;
}

// R1: with an auditor's role for one commune came 1,121 private records of a province.
TEST(Admission, EveryRoleReadsByItsUnit) {
  Country country(2);
  const UnitId commune = country.communes[0];
  const UnitId elsewhere = country.create(events::UnitKind::commune, {});
  for (std::uint8_t number = 1; number <= events::role_max; ++number) {
    SCOPED_TRACE(int{number});
    const auto role = static_cast<Role>(number);
    const ReaderRights local = rights_of(a_grant(role, commune), country.units);
    EXPECT_FALSE(local.scope.whole_log);
    EXPECT_EQ(local.scope.units, (std::vector<UnitId>{events::reference_scope, commune}));
    EXPECT_FALSE(local.private_everywhere);
    EXPECT_FALSE(local.may_read_private(events::ScopeSet{elsewhere}));
    const ReaderRights above = rights_of(a_grant(role, country.district), country.units);
    EXPECT_FALSE(above.scope.whole_log);
    EXPECT_EQ(above.scope.units.size(), 3U);
    EXPECT_EQ(above.may_read_private(events::ScopeSet{commune}), role == Role::auditor);
    EXPECT_TRUE(rights_of(a_grant(role, UnitId{}), country.units).scope.whole_log);
  }
  EXPECT_TRUE(rights_of(a_grant(Role::auditor, UnitId{}), country.units).private_everywhere);
  EXPECT_FALSE(rights_of(a_grant(Role::registrar, commune), country.units)
                   .may_read_private(events::ScopeSet{commune}));
}

// The open dossiers of merged communes go on in the one that has their territory, on its first day.
TEST(Admission, ACommuneReadsTheCommunesThatWentIntoIt) {
  Country country(4);
  const UnitId heir = country.communes[1];
  const UnitId merged = country.communes[0];
  country.decree({{merged, heir, {}}});
  const projections::Grant clerk = a_grant(Role::commune_clerk, heir);

  const ReaderRights before = rights_of(clerk, country.units, events::Day{4});
  EXPECT_FALSE(before.scope.includes(events::ScopeSet{merged}));
  const ReaderRights after = rights_of(clerk, country.units, events::Day{5});
  EXPECT_TRUE(after.scope.includes(events::ScopeSet{merged}));
  EXPECT_TRUE(after.may_read_private(events::ScopeSet{merged}));
  EXPECT_FALSE(after.scope.includes(events::ScopeSet{country.communes[2]}));

  // U8: a role of the old one reads until its last day, and gives nothing in the new one.
  const projections::Grant old_clerk = a_grant(Role::commune_clerk, merged);
  EXPECT_TRUE(rights_of(old_clerk, country.units, events::Day{4})
                  .may_read_private(events::ScopeSet{merged}));
  EXPECT_TRUE(rights_of(old_clerk, country.units, events::Day{5}) == rights_of_nobody());

  // Heirs of heirs.
  country.decree({{heir, country.communes[3], {}}});
  const projections::Grant last = a_grant(Role::commune_clerk, country.communes[3]);
  EXPECT_EQ(rights_of(last, country.units).scope.units.size(), 4U);
}

// Nobody but the people's own commune reads their names; which that is, only their hamlet tells.
TEST(Admission, OfASplitCommuneBothReadTheEventsAndNeitherAllNames) {
  Country country(3);
  const UnitId split = country.communes[0];
  const UnitId hamlet = country.create(events::UnitKind::hamlet, split);
  country.decree({{split, country.communes[1], {hamlet}}, {split, country.communes[2], {}}});
  const ReaderRights of_part =
      rights_of(a_grant(Role::commune_clerk, country.communes[1]), country.units);
  EXPECT_TRUE(of_part.scope.includes(events::ScopeSet{split}));
  EXPECT_FALSE(of_part.may_read_private(events::ScopeSet{split}));
  const ReaderRights of_rest =
      rights_of(a_grant(Role::commune_clerk, country.communes[2]), country.units);
  EXPECT_TRUE(of_rest.scope.includes(events::ScopeSet{split}));
  EXPECT_FALSE(of_rest.may_read_private(events::ScopeSet{split})) << "one hamlet is not theirs";
  // Both parts are in the auditor's district, and so are all its people.
  EXPECT_TRUE(rights_of(a_grant(Role::auditor, country.district), country.units)
                  .may_read_private(events::ScopeSet{split}));
}

// An auditor of a district does not read the names of who went to another one.
TEST(Admission, OfACommuneSplitBetweenDistrictsNoAuditorReadsNames) {
  Country country(2);
  const UnitId elsewhere = country.create(events::UnitKind::district, country.province);
  const UnitId other = country.create(events::UnitKind::commune, elsewhere);
  const UnitId split = country.communes[0];
  const UnitId hamlet = country.create(events::UnitKind::hamlet, split);
  country.decree({{split, other, {hamlet}}, {split, country.communes[1], {}}});
  const ReaderRights auditor = rights_of(a_grant(Role::auditor, country.district), country.units);
  EXPECT_TRUE(auditor.scope.includes(events::ScopeSet{split}));
  EXPECT_FALSE(auditor.may_read_private(events::ScopeSet{split}));
  EXPECT_TRUE(rights_of(a_grant(Role::auditor, country.province), country.units)
                  .may_read_private(events::ScopeSet{split}));
}

// A commune that went to another district is not its old district's any more.
TEST(Admission, AnAssociationReadsWhatHasGoneIntoItsCommunes) {
  Country country(2);
  const UnitId elsewhere = country.create(events::UnitKind::district, country.province);
  const UnitId heir = country.create(events::UnitKind::commune, elsewhere);
  const events::ScopeSet merged{country.communes[0]};
  country.decree({{country.communes[0], heir, {}}});
  const projections::Grant old_district = a_grant(Role::district_assoc, country.district);
  const projections::Grant new_district = a_grant(Role::district_assoc, elsewhere);
  const events::Day eve{4};
  EXPECT_TRUE(rights_of(old_district, country.units, eve).scope.includes(merged));
  EXPECT_FALSE(rights_of(new_district, country.units, eve).scope.includes(merged));
  EXPECT_FALSE(rights_of(old_district, country.units).scope.includes(merged));
  EXPECT_TRUE(rights_of(new_district, country.units).scope.includes(merged));
}

// W7: the greeting of a district ended in an error, for ever, because somebody made units.
TEST(Admission, NobodyIsKeptOutByTheNumberOfUnits) {
  Country country(reader_units_max + 50);
  country.create(events::UnitKind::commune, {});
  for (std::size_t index = 0; index < 40; ++index) country.close(country.communes[index]);
  const ReaderRights rights =
      rights_of(a_grant(Role::district_assoc, country.district), country.units);
  EXPECT_FALSE(rights.scope.whole_log) << "there is a commune that is not theirs";
  EXPECT_EQ(rights.scope.units.size(), reader_units_max);
  EXPECT_EQ(rights.left_out, 51U);
  EXPECT_TRUE(std::ranges::is_sorted(rights.scope.units));
  EXPECT_TRUE(std::ranges::binary_search(rights.scope.units, events::reference_scope));
  EXPECT_FALSE(std::ranges::binary_search(rights.scope.units, country.communes[0]))
      << "closed communes go first";
  EXPECT_TRUE(std::ranges::binary_search(rights.scope.units, country.communes[40]));
  const ReaderRights auditor = rights_of(a_grant(Role::auditor, country.district), country.units);
  EXPECT_EQ(auditor.private_communes.size(), reader_units_max);
}

TEST(Admission, WhoReadsEveryCommuneReadsTheWholeLog) {
  const Country country(reader_units_max + 1);
  const ReaderRights rights =
      rights_of(a_grant(Role::central_assoc, country.province), country.units);
  EXPECT_TRUE(rights.scope.whole_log);
  EXPECT_EQ(rights.left_out, 0U);
  EXPECT_FALSE(rights.private_everywhere);
}

TEST(Admission, HoldsUntilTheNextRoleBeginsOrEnds) {
  projections::Grant grant = a_grant(Role::commune_clerk, UnitId{});
  EXPECT_EQ(next_change(grant, events::Day{10}), std::nullopt);
  grant.valid_to = events::Day{30};
  EXPECT_EQ(next_change(grant, events::Day{10}), events::Day{30});
  grant.revoked_from = events::Day{20};
  EXPECT_EQ(next_change(grant, events::Day{10}), events::Day{20});
  EXPECT_EQ(next_change(grant, events::Day{20}), std::nullopt) << "it is over";
  grant.valid_from = events::Day{15};
  EXPECT_EQ(next_change(grant, events::Day{10}), events::Day{15});
}

}  // namespace
}  // namespace server::test
