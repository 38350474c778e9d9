#include "projections/state/units.h"

#include "tests/projections/folded_log.h"

#include <gtest/gtest.h>

namespace projections {
namespace {

using events::Day;
using events::UnitId;
using events::UnitKind;

/// Điện Biên Phủ before and after 1 July 2025, when communes merged and codes were given anew.
struct World {
  FoldedLog log;
  UnitId country = log.unit(UnitKind::central, {}, "Việt Nam");
  UnitId province = log.unit(UnitKind::province, country, "Tỉnh Điện Biên");
  UnitId city = log.unit(UnitKind::city_provincial, province, "Thành phố Điện Biên Phủ");
  UnitId muong_thanh = log.unit(UnitKind::ward, city, "Phường Mường Thanh");
  UnitId na_tau = log.unit(UnitKind::commune, city, "Xã Nà Tấu");
  UnitId hamlet = log.unit(UnitKind::hamlet, na_tau, "Bản Nà Láo");

  const Units& units() const { return log.state().units(); }
  UnitsOnDay tree(Day day = Day{20'300}) const { return units().on(day); }
  void rename(UnitId unit, const std::string& name, UnitId parent, Day from) {
    log.append(events::UnitRenamed{unit, name, "03334", parent, from, "1661/NQ-UBTVQH15"},
               {events::StreamKind::unit, unit.event});
  }
};

// Ten communes became wards on 30 April 2026 and stayed the same units, with all their dossiers.
TEST(Units, AreOfAnotherKindFromADayOn) {
  World world;
  const Day becomes_ward{20'573};
  world.log.append(events::UnitRenamed{world.na_tau, "Phường Nà Tấu", "03334", world.city,
                                       becomes_ward, "NQ", UnitKind::ward, events::AreaType::urban},
                   {events::StreamKind::unit, world.na_tau.event});
  world.rename(world.na_tau, "Phường Nà Tấu Mới", world.city, Day{20'700});
  const Unit& unit = *world.units().find(world.na_tau);
  EXPECT_EQ(unit.kind_on(Day{20'572}), UnitKind::commune);
  EXPECT_EQ(unit.kind_on(becomes_ward), UnitKind::ward);
  EXPECT_EQ(unit.area_on(becomes_ward), events::AreaType::urban);
  EXPECT_EQ(unit.kind_on(Day{20'800}), UnitKind::ward) << "a new name leaves the kind alone";
  EXPECT_EQ(world.tree(Day{20'800}).commune_of(world.hamlet), world.na_tau);
  EXPECT_EQ(world.tree(Day{20'500}).commune_of(world.hamlet), world.na_tau);

  const events::Result<Units> again = events::decode<Units>(events::encode(world.units()));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->find(world.na_tau)->kind_on(becomes_ward), UnitKind::ward);
}

TEST(Units, FindTheCommuneOfAnyUnitBelowIt) {
  World world;
  EXPECT_EQ(world.tree().commune_of(world.hamlet), world.na_tau);
  EXPECT_EQ(world.tree().commune_of(world.na_tau), world.na_tau);
  EXPECT_TRUE(world.tree().commune_of(world.city).is_none());
  EXPECT_TRUE(world.tree().commune_of({}).is_none());
}

TEST(Units, KnowWhatLiesWhere) {
  World world;
  EXPECT_TRUE(world.tree().lies_in(world.hamlet, world.province));
  EXPECT_TRUE(world.tree().lies_in(world.hamlet, world.hamlet));
  EXPECT_TRUE(world.tree().lies_in(world.hamlet, {}));
  EXPECT_FALSE(world.tree().lies_in(world.hamlet, world.muong_thanh));
  EXPECT_FALSE(world.tree().lies_in(world.province, world.hamlet));
  EXPECT_EQ(world.tree().communes_in(world.city),
            (std::vector<UnitId>{world.muong_thanh, world.na_tau}));
  EXPECT_EQ(world.tree().communes_in(world.na_tau), std::vector<UnitId>{world.na_tau});
  EXPECT_TRUE(world.tree().communes_in(world.hamlet).empty());
}

TEST(Units, AreNamedWithTheUnitAbove) {
  World world;
  EXPECT_EQ(world.tree().name_of(world.na_tau), "Xã Nà Tấu, Thành phố Điện Biên Phủ");
  EXPECT_EQ(world.tree().name_of(world.province), "Tỉnh Điện Biên");
  EXPECT_EQ(world.tree().name_of(UnitId{events::EventId{events::ChainNumber{9}, 9}}), "-");
}

// A certificate of 2024 shows the name of 2024, whatever the unit is called today.
TEST(Units, KeepTheirEarlierNames) {
  World world;
  world.rename(world.na_tau, "Xã Nà Tấu mới", world.province, Day{20'270});
  const Unit* const unit = world.units().find(world.na_tau);
  ASSERT_NE(unit, nullptr);
  EXPECT_EQ(unit->version_on(Day{20'269}).name, "Xã Nà Tấu");
  EXPECT_EQ(unit->version_on(Day{20'270}).name, "Xã Nà Tấu mới");
  EXPECT_EQ(unit->version_on(Day{1}).name, "Xã Nà Tấu");
  EXPECT_EQ(unit->latest().official_code, "03334");
  EXPECT_EQ(world.tree().name_of(world.na_tau), "Xã Nà Tấu mới, Tỉnh Điện Biên");
}

// A decree is entered in June for the first of July: until then nobody has moved.
TEST(Units, LieWhereTheyLieOnTheDayThatIsAskedFor) {
  World world;
  const UnitId muong_phang = world.log.unit(UnitKind::commune, world.province, "Xã Mường Phăng");
  world.rename(world.hamlet, "Bản Nà Láo", muong_phang, Day{20'270});
  const Day before{20'269};
  const Day after{20'270};
  EXPECT_EQ(world.tree(before).commune_of(world.hamlet), world.na_tau);
  EXPECT_EQ(world.tree(after).commune_of(world.hamlet), muong_phang);
  EXPECT_TRUE(world.tree(before).lies_in(world.hamlet, world.city));
  EXPECT_FALSE(world.tree(after).lies_in(world.hamlet, world.city));
  EXPECT_EQ(world.tree(before).depth_of(world.hamlet), 4);
  EXPECT_EQ(world.tree(after).depth_of(world.hamlet), 3);
  EXPECT_EQ(world.tree(before).name_of(world.hamlet), "Bản Nà Láo, Xã Nà Tấu");
  EXPECT_EQ(world.tree(after).name_of(world.hamlet), "Bản Nà Láo, Xã Mường Phăng");
  EXPECT_EQ(world.tree(after).parent_of(world.hamlet), muong_phang);

  world.rename(world.na_tau, "Xã Nà Tấu", world.province, after);
  EXPECT_EQ(world.tree(before).communes_in(world.city),
            (std::vector<UnitId>{world.muong_thanh, world.na_tau}));
  EXPECT_EQ(world.tree(after).communes_in(world.city), std::vector<UnitId>{world.muong_thanh});
}

// Decrees are entered late and out of order; the dates decide, not the order of entry.
TEST(Units, SortVersionsByDateAndNotByArrival) {
  World world;
  world.rename(world.na_tau, "Tên 2025", world.city, Day{20'100});
  world.rename(world.na_tau, "Tên 2023", world.city, Day{19'400});
  const Unit* const unit = world.units().find(world.na_tau);
  EXPECT_EQ(unit->version_on(Day{19'500}).name, "Tên 2023");
  EXPECT_EQ(unit->version_on(Day{20'200}).name, "Tên 2025");
  EXPECT_EQ(unit->latest().name, "Tên 2025");
}

TEST(Units, AreOpenFromTheFirstDayToTheDayBeforeTheyClose) {
  World world;
  world.log.append(events::UnitClosed{world.muong_thanh, Day{20'270}, {world.na_tau}, ""},
                   {events::StreamKind::unit, world.muong_thanh.event});
  const Unit* const unit = world.units().find(world.muong_thanh);
  EXPECT_FALSE(unit->is_open_on(Day{18'261}));
  EXPECT_TRUE(unit->is_open_on(Day{18'262}));
  EXPECT_TRUE(unit->is_open_on(Day{20'269}));
  EXPECT_FALSE(unit->is_open_on(Day{20'270}));
  EXPECT_EQ(unit->successors, std::vector<UnitId>{world.na_tau});
}

// Two renames can make a ring of parents; no walk may go round it for ever.
TEST(Units, EndTheWalkInARingOfParents) {
  World world;
  world.rename(world.city, "Thành phố", world.hamlet, Day{20'000});
  world.rename(world.na_tau, "Xã", world.city, Day{20'000});
  EXPECT_FALSE(world.tree().lies_in(world.city, world.muong_thanh));
  EXPECT_TRUE(world.tree().lies_in(world.city, world.na_tau));
  world.rename(world.province, "Tỉnh", world.province, Day{20'000});
  EXPECT_TRUE(world.tree().commune_of(world.province).is_none());
}

TEST(Units, IgnoreEventsOfUnitsTheyDoNotKnow) {
  World world;
  const events::Bytes before = events::encode(world.units());
  const UnitId unknown{events::EventId{events::ChainNumber{9}, 9}};
  world.rename(unknown, "Xã", world.city, Day{20'000});
  world.log.append(events::UnitClosed{unknown, Day{20'000}, {}, ""},
                   {events::StreamKind::unit, unknown.event});
  EXPECT_EQ(events::encode(world.units()), before);
}

TEST(Units, ComeBackFromTheirBytes) {
  World world;
  world.rename(world.na_tau, "Xã Nà Tấu mới", world.city, Day{20'270});
  world.log.create(events::OrganisationEstablished{events::OrganisationKind::association,
                                                   world.na_tau, "Hội Khuyến học xã", Day{1}});
  const events::Bytes bytes = events::encode(world.units());
  const auto loaded = events::decode<Units>(bytes);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(events::encode(*loaded), bytes);
  EXPECT_EQ(loaded->on(Day{20'300}).commune_of(world.hamlet), world.na_tau);
  EXPECT_EQ(loaded->organisations().size(), 1U);
}

}  // namespace
}  // namespace projections
