#pragma once

#include "tests/server/bundle/bundle_fixture.h"
#include "tests/server/session/tablet.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace server::test {

/// Bytes that look like nothing, others for each seed.
inline events::Bytes a_picture(std::size_t size, std::uint32_t seed) {
  events::Bytes bytes(size);
  for (std::uint8_t& byte : bytes) {
    seed = seed * 1'664'525 + 1'013'904'223;
    byte = static_cast<std::uint8_t>(seed >> 24U);
  }
  return bytes;
}

/// A commune's device that attaches photos to the dossier of a citizen, and carriers between it and
/// the log.
struct PhotoScene : BundleScene {
  events::UnitId hamlet;
  events::CycleId cycle;
  events::DossierId dossier;
  std::uint32_t taken = 0;

  PhotoScene() {
    set_up_cycle();
    EXPECT_TRUE(meet_server().synced());
    EXPECT_TRUE(meet_server().synced()) << "the new role has brought a new scope";
    open_dossier();
  }

  /// The officer works in another commune from now on: what is attached goes to a dossier there.
  void move_to(events::UnitId commune) {
    revoke_role(*this);
    add_hamlet(commune);
    grant_role(commune);
    EXPECT_TRUE(meet_server().synced());
    EXPECT_TRUE(meet_server().synced()) << "the new role has brought a new scope";
    open_dossier();
  }

  /// One paper: its photo, and the small picture of it.
  struct Photo {
    events::EventId attached;
    events::Bytes original;
    events::Bytes thumbnail;
  };

  Photo attach(std::size_t size) {
    Photo photo{{}, a_picture(size, ++taken), a_picture(3'000, 1'000 + taken)};
    const events::Digest original = events::sha256(photo.original);
    const events::Digest thumbnail = events::sha256(photo.thumbnail);
    EXPECT_TRUE(photos.put(original, photo.original));
    EXPECT_TRUE(photos.put(thumbnail, photo.thumbnail));
    events::EvidenceAttached evidence;
    evidence.kind = events::EvidenceKind::photo;
    evidence.indicators = 1;
    evidence.original = {original, static_cast<std::uint32_t>(photo.original.size()),
                         events::MediaType::jpeg};
    evidence.thumbnail = events::ThumbnailFile{thumbnail, 3'000};
    photo.attached = act(evidence, events::EvidenceRecord{"Giấy khen", "", ""},
                         events::StreamId{events::StreamKind::dossier, dossier.event});
    return photo;
  }

  bool server_has(const events::Bytes& content) const {
    const auto found = stored_files.files().find(events::sha256(content));
    return found != stored_files.files().end() && found->second == content;
  }
  /// What the device says of that file.
  clients::FileHere here(const events::EventId& attached, events::FilePart part) {
    for (const clients::FileHere& file :
         clients::files_here(replica->overlay().pending(), replica->identity().chain, photos)) {
      if (file.name == protocol::FileName{attached, part}) return file;
    }
    ADD_FAILURE() << "the device does not list the file";
    return {};
  }
  bool knows_as_stored(const Photo& photo) {
    return here(photo.attached, events::FilePart::original).is_stored &&
           here(photo.attached, events::FilePart::thumbnail).is_stored;
  }

  /// The officer records something that takes effect.
  events::EventId act(events::Payload payload, std::optional<events::PrivateFields> fields,
                      std::optional<events::StreamId> about) {
    clients::RecordRequest request;
    request.payload = std::move(payload);
    request.about = about;
    request.actor = replica->identity().persons.front();
    request.business_day = events::day_in_vietnam(now);
    request.fields = std::move(fields);
    request.salt.fill(++drawn);
    const auto recorded = workspace->record(request, now);
    EXPECT_TRUE(recorded) << recorded.error().message;
    EXPECT_TRUE(recorded->verdict.takes_effect())
        << "rule " << static_cast<int>(recorded->verdict.rule);
    return recorded->id;
  }

 private:
  void add_hamlet(events::UnitId commune) {
    events::UnitCreated place;
    place.kind = events::UnitKind::hamlet;
    place.parent = commune;
    place.name = "Bản Nà Tấu";
    place.area = events::AreaType::rural;
    place.valid_from = events::Day{1};
    hamlet = events::UnitId{admin.create(place, administrator, registrar)};
  }

  void grant_role(events::UnitId commune) {
    events::RoleGranted role;
    role.person = replica->identity().persons.front();
    role.role = events::Role::proxy_entrant;
    role.unit = commune;
    role.valid_from = events::Day{1};
    admin.create(role, administrator, registrar);
    push_admin();
  }

  void set_up_cycle() {
    add_hamlet(first);
    events::CycleOpened year = test_support::a_cycle();
    year.criteria =
        events::CriteriaId{admin.create(test_support::a_criteria_set(), administrator, registrar)};
    const events::Day today = events::day_in_vietnam(now);
    const events::Phase phase{today, events::Day{today.value + 300}};
    year.registration = phase;
    year.self_assessment = phase;
    year.review = phase;
    year.appraisal = phase;
    year.decision = phase;
    year.reference_day = today;
    cycle = events::CycleId{admin.create(year, administrator, registrar)};
    grant_role(first);
  }

  void open_dossier() {
    events::PersonIntroduced person;
    person.home_unit = hamlet;
    person.gender = events::Gender::female;
    person.age_band = events::AgeBand::from_35_to_44;
    const events::EventId citizen = act(person, test_support::a_person_record(), std::nullopt);
    events::DossierOpened opening;
    opening.subject = {events::SubjectKind::person, citizen};
    opening.cycle = cycle;
    opening.group = events::GroupCode::farmer_rural;
    opening.home_unit = hamlet;
    dossier = events::DossierId{act(opening, std::nullopt, std::nullopt)};
  }
};

}  // namespace server::test
