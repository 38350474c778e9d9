#include "tools/pilot/provision.h"

#include "clients/core/acts/access.h"
#include "clients/core/acts/invitation.h"
#include "clients/core/acts/register.h"
#include "clients/core/acts/rulebook.h"
#include "clients/core/acts/units.h"
#include "platform/clock.h"
#include "platform/json_text.h"
#include "platform/random.h"
#include "projections/criteria/criteria.h"

#include <array>
#include <fstream>
#include <iterator>

namespace pilot {
namespace {

using events::TitleKind;
namespace acts = clients::acts;

struct CriteriaFile {
  const char* name;
  TitleKind title;
};
constexpr std::array<CriteriaFile, 5> criteria_files{{
    {"cdht-pilot-2020.json", TitleKind::learning_citizen},
    {"gdht-448-2015.json", TitleKind::learning_family},
    {"dhht-448-2015.json", TitleKind::learning_clan},
    {"cdong-448-2015.json", TitleKind::learning_community_hamlet},
    {"dv-448-2015.json", TitleKind::learning_unit_commune},
}};

events::CriteriaPublished criteria_from(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw PlayError("cannot read the criteria file " + path.string() + " [io_failed]");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto json = platform::read_json(text, projections::criteria_file_limits);
  return need(projections::read_criteria_file(json), path.string());
}

/// The cycle of a title: the pilot's days for citizens, registration only for collectives.
acts::NewCycle cycle(TitleKind title, events::CriteriaId criteria) {
  const Calendar& days = calendar();
  return {title,
          criteria,
          std::string(cycle_label),
          events::CycleKind::pilot,
          days.registration,
          days.self_assessment,
          days.review,
          days.appraisal,
          days.decision,
          events::LatePolicy::accept_flagged,  // The paper is of 2021, the typing of today.
          events::DeadlineBasis::received,
          0,
          days.registration.last};
}

class Provisioning {
 public:
  Provisioning(clients::Device& device, std::uint64_t seed)
      : log_key_(device.workspace().identity().server_key),
        recorder_(device),
        random_(seed),
        people_(random_, false) {
    recorder_.by(device.workspace().identity().persons.front());
    recorder_.on(calendar().units_from);
  }

  Setup run(const std::vector<PilotCriteria>& criteria) {
    Setup setup;
    const events::UnitId province = unit(events::UnitKind::province, {}, province_name,
                                         province_code, events::AreaType::unknown);
    setup.city = unit(events::UnitKind::city_provincial, province, city_name, city_code,
                      events::AreaType::urban);
    publish_rules(setup, criteria);
    for (const CommunePlan& plan : communes()) setup.communes.push_back(commune(plan, setup.city));

    const events::PersonId officer = hire(setup.city, events::Role::district_assoc);
    setup.city_code = invite({officer});
    recorder_.turn_page();
    return setup;
  }

 private:
  events::UnitId unit(events::UnitKind kind, events::UnitId parent, std::string_view name,
                      std::string_view code, events::AreaType area) {
    const acts::NewUnit unit{
        kind, parent, std::string(name), std::string(code), area, calendar().units_from, ""};
    return need(acts::create_unit(recorder_.page(), recorder_.occasion(), unit), "a unit");
  }

  void publish_rules(Setup& setup, const std::vector<PilotCriteria>& criteria) {
    for (const PilotCriteria& each : criteria) {
      const events::CriteriaId id =
          acts::publish_criteria(recorder_.page(), recorder_.occasion(), each.content);
      setup.cycles[each.title] =
          need(acts::open_cycle(recorder_.page(), recorder_.occasion(), cycle(each.title, id)),
               "a cycle");
      if (each.title == TitleKind::learning_citizen) setup.criteria = id;
    }
  }

  CommuneSetup commune(const CommunePlan& plan, events::UnitId city) {
    CommuneSetup setup;
    setup.plan = &plan;
    const auto area = plan.rural ? events::AreaType::rural : events::AreaType::urban;
    setup.unit = unit(plan.kind, city, plan.name, plan.code, area);
    for (const std::string_view hamlet : plan.hamlets) {
      setup.hamlets.push_back(unit(events::UnitKind::hamlet, setup.unit, hamlet, "", area));
    }
    const std::string name(plan.name);
    setup.association =
        organisation(events::OrganisationKind::association, setup.unit, "Hội Khuyến học " + name);
    setup.committee =
        organisation(events::OrganisationKind::committee, setup.unit, "Ủy ban nhân dân " + name);
    std::vector<events::PersonId> persons;
    for (const OfficerPlan& officer : commune_officers()) {
      const events::PersonId person = hire(setup.unit, officer.role);
      setup.officers[officer.role] = person;
      persons.push_back(person);
    }
    setup.code = invite(persons);
    return setup;
  }

  events::OrganisationId organisation(events::OrganisationKind kind, events::UnitId unit,
                                      std::string name) {
    const acts::NewOrganisation organisation{kind, unit, std::move(name), calendar().units_from};
    return need(acts::establish(recorder_.page(), recorder_.occasion(), organisation),
                "an organisation");
  }

  events::PersonId hire(events::UnitId unit, events::Role role) {
    const PilotPerson officer = people_.make_officer();
    const acts::NewPerson introduced{officer.record, officer.gender, officer.age_band, unit, {}};
    const events::PersonId person =
        need(acts::introduce(recorder_.page(), recorder_.occasion(), introduced), "an officer");
    const acts::NewGrant grant{person, role, unit, calendar().units_from, {}, std::string(basis)};
    need(acts::grant_role(recorder_.page(), recorder_.occasion(), grant), "a role");
    return person;
  }

  std::string invite(std::vector<events::PersonId> persons) {
    constexpr std::uint32_t days = 7;
    const std::string code = platform::new_code();
    const events::Timestamp end = need(acts::offer_end(days, platform::now()), "an invitation");
    acts::offer_enrolment(recorder_.page(), recorder_.occasion(),
                          {std::move(persons), events::sha256(events::bytes_of(code)), end});
    return clients::make_invitation(code, log_key_).spelled();
  }

  events::PublicKey log_key_;
  BatchRecorder recorder_;
  Dice random_;
  PeopleMaker people_;
};

}  // namespace

std::vector<PilotCriteria> read_criteria(const std::filesystem::path& folder) {
  std::vector<PilotCriteria> criteria;
  for (const CriteriaFile& each : criteria_files) {
    criteria.push_back({each.title, criteria_from(folder / each.name)});
  }
  return criteria;
}

std::filesystem::path find_criteria() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  for (std::filesystem::path above : {std::filesystem::current_path(error), program}) {
    for (; !above.empty(); above = above.parent_path()) {
      const std::filesystem::path folder = above / "projections/criteria/sets";
      if (std::filesystem::is_directory(folder, error)) return folder;
      if (above == above.root_path()) break;
    }
  }
  return {};
}

Setup provision(clients::Device& administrator, const std::vector<PilotCriteria>& criteria,
                std::uint64_t seed) {
  Setup setup = Provisioning(administrator, seed).run(criteria);
  need(administrator.sync("", {}), "synchronising the administrator's device");
  return setup;
}

}  // namespace pilot
