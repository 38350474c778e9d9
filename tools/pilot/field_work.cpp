#include "tools/pilot/field_work.h"

#include "clients/core/acts/accept_or_return.h"
#include "clients/core/acts/appraise.h"
#include "clients/core/acts/decide.h"
#include "clients/core/acts/evidence.h"
#include "clients/core/acts/register.h"
#include "clients/core/acts/review.h"
#include "clients/core/acts/score.h"
#include "clients/core/acts/submit.h"

#include <fmt/core.h>

#include <string>

namespace pilot {
namespace {

using events::Role;
namespace acts = clients::acts;

struct Citizen {
  CitizenPlan plan;
  events::DossierId dossier;
};

class Commune {
 public:
  Commune(clients::Device& device, const CommuneSetup& commune, const Setup& setup,
          std::uint64_t seed)
      : commune_(commune), setup_(setup), recorder_(device), random_(seed ^ commune.unit.key()) {
    for (CitizenPlan& plan : citizens_of(*commune.plan, seed)) {
      citizens_.push_back({std::move(plan), {}});
    }
  }

  FieldWork run() {
    register_collectives();
    for (Citizen& citizen : citizens_) register_citizen(citizen);
    for (const Citizen& citizen : citizens_) assess(citizen);
    for (std::size_t hamlet = 0; hamlet < commune_.hamlets.size(); ++hamlet) review(hamlet);
    submit();
    appraise();
    decide();
    recorder_.turn_page();
    return result();
  }

  FieldWork register_only(std::size_t citizens_max) {
    while (citizens_.size() > citizens_max) citizens_.pop_back();
    for (Citizen& citizen : citizens_) register_citizen(citizen);
    recorder_.turn_page();
    return result();
  }

 private:
  FieldWork result() const {
    return {citizens_.size(), collectives_, recorder_.recorded(), recorder_.held()};
  }

  events::PersonId officer(Role role) const { return commune_.officers.at(role); }

  events::Day day_in(const events::Phase& phase) {
    return events::Day{random_.between(phase.first.value, phase.last.value)};
  }

  void register_collectives() {
    const CommunePlan& plan = *commune_.plan;
    recorder_.by(officer(Role::proxy_entrant));
    using enum events::TitleKind;
    for (std::uint32_t index = 0; index < plan.families; ++index) {
      collective(events::CollectiveKind::household, learning_family,
                 fmt::format("Hộ gia đình số {}", index + 1));
    }
    for (std::uint32_t index = 0; index < plan.clans; ++index) {
      collective(events::CollectiveKind::clan, learning_clan,
                 fmt::format("Dòng họ {}", index == 0 ? "Lò" : "Quàng"));
    }
    for (std::uint32_t index = 0; index < plan.communities; ++index) {
      collective(events::CollectiveKind::hamlet, learning_community_hamlet,
                 std::string(plan.hamlets[index % plan.hamlets.size()]));
    }
    static constexpr std::string_view kinds[] = {"Trường tiểu học", "Trạm y tế", "Ủy ban nhân dân"};
    for (std::uint32_t index = 0; index < plan.units; ++index) {
      collective(events::CollectiveKind::unit, learning_unit_commune,
                 fmt::format("{} {}", kinds[index % 3], plan.name));
    }
  }

  void collective(events::CollectiveKind kind, events::TitleKind title, std::string name) {
    recorder_.on(day_in(calendar().registration));
    const events::UnitId home = commune_.hamlets[collectives_ % commune_.hamlets.size()];
    const acts::NewCollective introduced{std::move(name), kind, home, {}, 0};
    const events::CollectiveId subject =
        need(acts::introduce(recorder_.page(), recorder_.occasion(), introduced), "a collective");
    if (kind == events::CollectiveKind::household) households_.push_back(subject);
    acts::Registration registration;
    registration.subject = {events::SubjectKind::collective, subject.event};
    registration.cycle = setup_.cycles.at(title);
    registration.group = events::GroupCode::none;
    registration.home = home;
    registration.declaration = consent(events::Confirmation::signature_on_paper);
    add(registration);
    ++collectives_;
  }

  /// What everybody agreed to who registered.
  static acts::Declaration consent(events::Confirmation confirmation) {
    acts::Declaration declaration;
    declaration.basis = events::LawfulBasis::consent;
    declaration.consent_purposes = events::consent_assess | events::consent_statistics;
    declaration.confirmation = confirmation;
    declaration.proxy = events::ProxyReason::none;
    return declaration;
  }

  events::DossierId add(const acts::Registration& registration) {
    return need(acts::register_dossier(recorder_.page(), recorder_.occasion(), registration),
                "a registration");
  }

  void register_citizen(Citizen& citizen) {
    const CitizenPlan& plan = citizen.plan;
    const events::UnitId home = commune_.hamlets[plan.hamlet];
    recorder_.by(officer(Role::proxy_entrant));
    recorder_.on(day_in(calendar().registration));
    events::CollectiveId household;
    if (!households_.empty() && random_.chance(40)) {
      household = random_.pick(std::span<const events::CollectiveId>(households_));
    }
    const acts::NewPerson introduced{plan.person.record, plan.person.gender, plan.person.age_band,
                                     home, household};
    const events::PersonId person =
        need(acts::introduce(recorder_.page(), recorder_.occasion(), introduced), "a citizen");
    acts::Registration registration;
    registration.subject = {events::SubjectKind::person, person.event};
    registration.cycle = setup_.cycles.at(events::TitleKind::learning_citizen);
    registration.group = plan.group;
    registration.home = home;
    registration.declaration = declaration_of(plan);
    citizen.dossier = add(registration);
    if (plan.returned_once) {
      recorder_.by(officer(Role::branch_head));
      const acts::Return wanted{citizen.dossier, events::ReturnReason::missing_evidence,
                                events::DossierState::registered, ""};
      need(acts::return_dossier(recorder_.page(), recorder_.occasion(), wanted), "a return");
      recorder_.by(officer(Role::proxy_entrant));
      need(acts::resubmit(recorder_.page(), recorder_.occasion(), citizen.dossier, ""),
           "a dossier that comes back");
    }
    recorder_.by(officer(Role::branch_head));
    acts::accept(recorder_.page(), recorder_.occasion(), {&citizen.dossier, 1});
  }

  acts::Declaration declaration_of(const CitizenPlan& plan) {
    if (!plan.by_proxy) return consent(events::Confirmation::subject_present);
    acts::Declaration declaration = consent(events::Confirmation::signature_on_paper);
    declaration.proxy = plan.proxy_reason;
    declaration.proxy_record = {"chi hội khuyến học",
                                fmt::format("{}/{:04}", commune_.plan->code, ++forms_), "",
                                std::string(commune_.plan->hamlets[plan.hamlet])};
    return declaration;
  }

  void assess(const Citizen& citizen) {
    static constexpr std::string_view papers[] = {"Giấy chứng nhận bồi dưỡng",
                                                  "Danh sách dự lớp chuyên đề", "Thẻ thư viện",
                                                  "Giấy xác nhận của chi hội"};
    static constexpr events::EvidenceKind kinds[] = {
        events::EvidenceKind::certificate, events::EvidenceKind::attendance,
        events::EvidenceKind::library, events::EvidenceKind::statement};
    const events::Day day = day_in(calendar().self_assessment);
    recorder_.on(day);
    recorder_.by(officer(Role::branch_head));
    for (std::uint32_t index = 0; index < citizen.plan.sighted; ++index) {
      const std::uint32_t paper = random_.below(4);
      const acts::Evidence evidence{
          citizen.dossier,
          kinds[paper],
          1U << random_.below(10),
          events::Day{day.value - random_.between(5, 200)},
          {std::string(papers[paper]), std::string(commune_.plan->name), "hồ sơ giấy của chi hội"}};
      need(acts::sight_evidence(recorder_.page(), recorder_.occasion(), evidence), "evidence");
    }
    recorder_.by(officer(Role::proxy_entrant));
    acts::record_scores(recorder_.page(), recorder_.occasion(), citizen.dossier,
                        {setup_.criteria, citizen.plan.scores_tenths});
  }

  void review(std::size_t hamlet) {
    recorder_.by(officer(Role::branch_head));
    recorder_.on(day_in(calendar().review));
    acts::Meeting meeting;
    meeting.unit = commune_.hamlets[hamlet];
    meeting.invited = 40;
    meeting.present = 34;
    for (const Citizen& citizen : citizens_) {
      if (citizen.plan.hamlet != hamlet) continue;
      const auto against = static_cast<std::uint16_t>(random_.below(3));
      meeting.entries.push_back({citizen.dossier, events::ReviewConclusion::proposed,
                                 static_cast<std::uint16_t>(34 - against), against});
    }
    if (meeting.entries.empty()) return;
    meeting.minutes = {"nhà văn hóa " + std::string(commune_.plan->hamlets[hamlet]), "19 giờ 30",
                       "21 giờ 15", "bình xét danh hiệu Công dân học tập"};
    need(acts::hold_meeting(recorder_.page(), recorder_.occasion(), meeting), "a meeting");
  }

  void submit() {
    recorder_.by(officer(Role::commune_assoc_chair));
    recorder_.on(calendar().submission);
    acts::Submission list{commune_.association, "05/TTr-HKH", {}};
    for (const Citizen& citizen : citizens_) list.dossiers.push_back(citizen.dossier);
    need(acts::submit(recorder_.page(), recorder_.occasion(), list), "a list");
  }

  void appraise() {
    recorder_.by(officer(Role::appraiser));
    recorder_.on(day_in(calendar().appraisal));
    for (const Citizen& citizen : citizens_) {
      const auto outcome = citizen.plan.passes() ? events::AppraisalOutcome::qualified
                                                 : events::AppraisalOutcome::not_qualified;
      acts::appraise(recorder_.page(), recorder_.occasion(),
                     {citizen.dossier, outcome, citizen.plan.total_tenths});
    }
  }

  void decide() {
    recorder_.by(officer(Role::signer));
    recorder_.on(day_in(calendar().decision));
    acts::Recognition recognition{
        commune_.committee, 45, "QĐ-UBND", events::SigningCapacity::tm, {}};
    std::vector<events::DossierId> others;
    for (const Citizen& citizen : citizens_) {
      (citizen.plan.passes() ? recognition.dossiers : others).push_back(citizen.dossier);
    }
    need(acts::recognise(recorder_.page(), recorder_.occasion(), recognition), "a decision");
    acts::refuse_title(recorder_.page(), recorder_.occasion(), others,
                       {events::NotRecognizedReason::below_total});
  }

  const CommuneSetup& commune_;
  const Setup& setup_;
  BatchRecorder recorder_;
  Dice random_;
  std::vector<Citizen> citizens_;
  std::vector<events::CollectiveId> households_;
  std::size_t collectives_ = 0;
  std::uint32_t forms_ = 0;
};

}  // namespace

FieldWork record_offline(clients::Device& device, const CommuneSetup& commune, const Setup& setup,
                         std::uint64_t seed) {
  return Commune(device, commune, setup, seed).run();
}

FieldWork register_citizens(clients::Device& device, const CommuneSetup& commune,
                            const Setup& setup, std::uint64_t seed, std::size_t citizens_max) {
  return Commune(device, commune, setup, seed).register_only(citizens_max);
}

}  // namespace pilot
