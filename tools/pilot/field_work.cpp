#include "tools/pilot/field_work.h"

#include <fmt/core.h>

#include <string>

namespace pilot {
namespace {

using events::Role;

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
    const events::EventId subject =
        recorder_.write(events::CollectiveIntroduced{kind, home, {}, 0, {}}, {},
                        events::PrivateFields{events::CollectiveRecord{std::move(name)}});
    if (kind == events::CollectiveKind::household) households_.emplace_back(subject);
    const events::DossierId dossier{
        recorder_.write(events::DossierOpened{{events::SubjectKind::collective, subject},
                                              setup_.cycles.at(title),
                                              events::GroupCode::none,
                                              home})};
    recorder_.write_about(
        dossier, events::DossierRegistered{events::LawfulBasis::consent,
                                           events::consent_assess | events::consent_statistics,
                                           events::Confirmation::signature_on_paper,
                                           events::ProxyReason::none,
                                           {}});
    ++collectives_;
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
    const events::EventId person = recorder_.write(
        events::PersonIntroduced{home, household, plan.person.gender, plan.person.age_band, {}}, {},
        events::PrivateFields{plan.person.record});
    citizen.dossier = events::DossierId{
        recorder_.write(events::DossierOpened{{events::SubjectKind::person, person},
                                              setup_.cycles.at(events::TitleKind::learning_citizen),
                                              plan.group,
                                              home})};
    write_registration(citizen);
    if (plan.returned_once) {
      recorder_.by(officer(Role::branch_head));
      recorder_.write_about(
          citizen.dossier,
          events::DossierReturned{
              events::ReturnReason::missing_evidence, events::DossierState::registered, {}});
      recorder_.by(officer(Role::proxy_entrant));
      recorder_.write_about(citizen.dossier, events::DossierResubmitted{});
    }
    recorder_.by(officer(Role::branch_head));
    recorder_.write_about(citizen.dossier, events::RegistrationAccepted{});
  }

  void write_registration(const Citizen& citizen) {
    const CitizenPlan& plan = citizen.plan;
    events::DossierRegistered registered{events::LawfulBasis::consent,
                                         events::consent_assess | events::consent_statistics,
                                         events::Confirmation::subject_present,
                                         plan.proxy_reason,
                                         {}};
    std::optional<events::PrivateFields> fields;
    if (plan.by_proxy) {
      registered.confirmation = events::Confirmation::signature_on_paper;
      fields = events::ProxyRecord{"chi hội khuyến học",
                                   fmt::format("{}/{:04}", commune_.plan->code, ++forms_), "",
                                   std::string(commune_.plan->hamlets[plan.hamlet])};
    }
    recorder_.write_about(citizen.dossier, registered, std::move(fields));
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
      recorder_.write_about(
          citizen.dossier,
          events::EvidenceSighted{kinds[paper],
                                  1U << random_.below(10),
                                  events::Day{day.value - random_.between(5, 200)},
                                  {}},
          events::PrivateFields{events::EvidenceRecord{std::string(papers[paper]),
                                                       std::string(commune_.plan->name),
                                                       "hồ sơ giấy của chi hội"}});
    }
    recorder_.by(officer(Role::proxy_entrant));
    recorder_.write_about(
        citizen.dossier, events::SelfAssessmentRecorded{setup_.criteria, citizen.plan.scores_tenths,
                                                        citizen.plan.total_tenths});
  }

  void review(std::size_t hamlet) {
    recorder_.by(officer(Role::branch_head));
    recorder_.on(day_in(calendar().review));
    events::ReviewHeld minutes{commune_.hamlets[hamlet], {}, 40, 34, {}, {}};
    for (const Citizen& citizen : citizens_) {
      if (citizen.plan.hamlet != hamlet) continue;
      const auto against = static_cast<std::uint16_t>(random_.below(3));
      minutes.entries.push_back({citizen.dossier, events::ReviewConclusion::proposed,
                                 static_cast<std::uint16_t>(34 - against), against});
    }
    if (minutes.entries.empty()) return;
    const std::vector<events::ReviewEntry> entries = minutes.entries;
    const events::MeetingId meeting{
        recorder_.write(std::move(minutes), {},
                        events::PrivateFields{events::MinutesRecord{
                            "nhà văn hóa " + std::string(commune_.plan->hamlets[hamlet]),
                            "19 giờ 30", "21 giờ 15", "bình xét danh hiệu Công dân học tập"}})};
    for (const events::ReviewEntry& entry : entries) {
      recorder_.write_about(entry.dossier, events::DossierReviewed{meeting, entry.conclusion});
    }
  }

  void submit() {
    recorder_.by(officer(Role::commune_assoc_chair));
    recorder_.on(calendar().submission);
    events::ListSubmitted list{
        commune_.association, "05/TTr-HKH", static_cast<std::uint16_t>(citizens_.size()), {}};
    for (const Citizen& citizen : citizens_) list.dossiers.push_back(citizen.dossier);
    const events::ListId id{recorder_.write(std::move(list))};
    for (const Citizen& citizen : citizens_) {
      recorder_.write_about(citizen.dossier, events::DossierSubmitted{id});
    }
  }

  void appraise() {
    recorder_.by(officer(Role::appraiser));
    recorder_.on(day_in(calendar().appraisal));
    for (const Citizen& citizen : citizens_) {
      const auto outcome = citizen.plan.passes() ? events::AppraisalOutcome::qualified
                                                 : events::AppraisalOutcome::not_qualified;
      recorder_.write_about(citizen.dossier,
                            events::DossierAppraised{outcome, citizen.plan.total_tenths});
    }
  }

  void decide() {
    recorder_.by(officer(Role::signer));
    recorder_.on(day_in(calendar().decision));
    events::DecisionIssued decision{commune_.committee,          45, 2021, "QĐ-UBND",
                                    events::SigningCapacity::tm, {}};
    for (const Citizen& citizen : citizens_) {
      if (citizen.plan.passes()) decision.dossiers.push_back(citizen.dossier);
    }
    const events::DecisionId id{recorder_.write(std::move(decision))};
    for (const Citizen& citizen : citizens_) {
      if (citizen.plan.passes()) {
        recorder_.write_about(citizen.dossier, events::TitleGranted{id});
      } else {
        recorder_.write_about(citizen.dossier, events::DossierNotRecognized{
                                                   {events::NotRecognizedReason::below_total}});
      }
    }
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
