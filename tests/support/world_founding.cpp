#include "events/base/check.h"
#include "platform/json_text.h"
#include "projections/criteria/criteria.h"
#include "tests/support/world.h"

#include <fstream>
#include <iterator>
#include <string>

// How a world begins.

namespace test_support {

using namespace events;

namespace {

CriteriaPublished criteria_of(const std::string& name) {
  const std::string path = std::string(KHUYENHOC_SOURCE_DIR) + "/projections/criteria/sets/" + name;
  std::ifstream file(path, std::ios::binary);
  CHECK(file.good(), "the criteria files lie in the source tree");
  const std::string json{std::istreambuf_iterator<char>(file), {}};
  Result<CriteriaPublished> criteria =
      projections::read_criteria_file(platform::read_json(json, projections::criteria_file_limits));
  CHECK(criteria.has_value(), "the criteria files are in order");
  return std::move(*criteria);
}

constexpr Day world_begins{18'687};  // 2021-03-01

}  // namespace

World::World() : now_(morning_of(world_begins)) {
  found();
  set_up_units();
  set_up_criteria();
  set_up_officers();
}

void World::found() {
  append_system(LogFounded{LogId{1}, "titles.example/world", key_of(system_chain).public_key()});
  const PersonId person{append_system(PersonIntroduced{}).id()};
  const RoleGrantId grant{
      append_system(RoleGranted{person, Role::registrar, {}, {}, {}, "founding"}).id()};
  append_system(DeviceEnrolled{
      {}, {}, administration, key_of(administration).public_key(), {person}, "Máy chủ tỉnh"});
  administrator_ = {person, grant, Role::registrar, {}};
  CHECK(state_.access().device_of(administration) != nullptr, "a founded log has a device");
}

void World::set_up_units() {
  const Day from = day_of({2020, 1, 1});
  const auto unit = [&](UnitKind kind, UnitId parent, const char* name, const char* code,
                        AreaType area) {
    return UnitId{administer(UnitCreated{kind, parent, name, code, area, from, ""})};
  };
  province_ = unit(UnitKind::province, {}, "Tỉnh Điện Biên", "11", AreaType::unknown);
  city_ =
      unit(UnitKind::city_provincial, province_, "Thành phố Điện Biên Phủ", "094", AreaType::urban);
  struct Names {
    UnitKind kind;
    const char* name;
    const char* code;
    AreaType area;
    std::array<const char*, 2> hamlets;
  };
  static constexpr std::array<Names, commune_count> names = {{
      {UnitKind::commune, "Xã Nà Tấu", "03316", AreaType::rural, {"Bản Xôm", "Bản Nà Luống"}},
      {UnitKind::ward, "Phường Mường Thanh", "03136", AreaType::urban, {"Tổ 1", "Tổ 2"}},
      {UnitKind::ward, "Phường Him Lam", "03127", AreaType::urban, {"Tổ 3", "Bản Him Lam 2"}},
  }};
  for (std::size_t index = 0; index < commune_count; ++index) {
    const Names& named = names.at(index);
    CommuneWorld& commune = communes_.at(index);
    commune.unit = unit(named.kind, city_, named.name, named.code, named.area);
    for (std::size_t hamlet = 0; hamlet < 2; ++hamlet) {
      commune.hamlets.at(hamlet) =
          unit(UnitKind::hamlet, commune.unit, named.hamlets.at(hamlet), "", named.area);
    }
    const std::string name = named.name;
    commune.association = OrganisationId{administer(OrganisationEstablished{
        OrganisationKind::association, commune.unit, "Hội Khuyến học " + name, from})};
    commune.committee = OrganisationId{administer(OrganisationEstablished{
        OrganisationKind::committee, commune.unit, "Ủy ban nhân dân " + name, from})};
  }
}

CycleId World::set_up_cycle(const char* criteria_file) {
  const CriteriaPublished content = criteria_of(criteria_file);
  const CriteriaId criteria{administer(content)};
  if (content.title == TitleKind::learning_citizen) citizen_criteria_ = criteria;
  return open(a_cycle(content.title, criteria));
}

void World::set_up_criteria() {
  citizen_cycle_ = set_up_cycle("cdht-pilot-2020.json");
  family_cycle_ = set_up_cycle("gdht-448-2015.json");
  clan_cycle_ = set_up_cycle("dhht-448-2015.json");
  hamlet_cycle_ = set_up_cycle("cdong-448-2015.json");
  unit_cycle_ = set_up_cycle("dv-448-2015.json");
}

void World::set_up_officers() {
  for (CommuneWorld& commune : communes_) {
    const UnitId hamlet = commune.hamlets[0];
    commune.branch_head = hire(Role::branch_head, hamlet, hamlet);
    commune.entrant = hire(Role::proxy_entrant, commune.unit, hamlet);
    commune.clerk = hire(Role::commune_clerk, commune.unit, commune.unit);
    commune.chair = hire(Role::commune_assoc_chair, commune.unit, commune.unit);
    commune.appraiser = hire(Role::appraiser, commune.unit, commune.unit);
    commune.signer = hire(Role::signer, commune.unit, commune.unit);
    const std::vector<PersonId> persons = {commune.branch_head.person, commune.entrant.person,
                                           commune.clerk.person,       commune.chair.person,
                                           commune.appraiser.person,   commune.signer.person};
    commune.devices[0] = enrol(persons, "Máy tính bảng của thôn");
    commune.devices[1] = enrol(persons, "Máy tính của xã");
  }
  district_officer_ = hire(Role::district_assoc, city_, city_);
  district_device_ = enrol({district_officer_.person}, "Máy tính của Hội Khuyến học thành phố");
}

}  // namespace test_support
