#include "clients/core/acts/register.h"

#include "tests/clients/core/acts/act_world.h"

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

TEST(Register, KeepsTheNameAsItIsKept) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.hamlet());
  acts::NewPerson person = a_citizen(scene.commune().hamlets[0]);
  person.record.full_name = "Lo\xCC\x80 Thi\xCC\xA3 A\xCC\x81nh";  // As a Mac types it.
  const auto id = acts::introduce(draft, scene.today(scene.commune().entrant), person);
  ASSERT_TRUE(id);
  EXPECT_EQ(id->event, (EventId{scene.hamlet(), scene.world.next_seq(scene.hamlet())}));
  EXPECT_EQ(record_at<PersonRecord>(draft, 0).full_name, "Lò Thị Ánh");
  EXPECT_EQ(payload_at<PersonIntroduced>(draft, 0).age_band, AgeBand::from_25_to_34);
}

TEST(Register, IntroducesACollectiveWithItsName) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.hamlet());
  const acts::NewCollective household{
      "Hộ ông Lò Văn Pản", CollectiveKind::household, scene.commune().hamlets[0], {}, 5};
  ASSERT_TRUE(acts::introduce(draft, scene.today(scene.commune().entrant), household));
  EXPECT_EQ(record_at<CollectiveRecord>(draft, 0).name, "Hộ ông Lò Văn Pản");
  EXPECT_EQ(payload_at<CollectiveIntroduced>(draft, 0).member_count, 5U);
}

TEST(Register, AddsNothingForATextThatIsNone) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.hamlet());
  const acts::Occasion now = scene.today(scene.commune().entrant);
  acts::NewPerson person = a_citizen(scene.commune().hamlets[0]);
  person.record.full_name = not_utf8;
  EXPECT_TRUE(fails(acts::introduce(draft, now, person), ErrorCode::invalid_argument, "UTF-8"));
  acts::Registration registration;
  registration.declaration = somebody_present();
  registration.declaration.proxy_record.place = not_utf8;
  EXPECT_TRUE(fails(acts::register_dossier(draft, now, registration), ErrorCode::invalid_argument,
                    "UTF-8"));
  EXPECT_EQ(draft.size(), 0U);
}

TEST(Register, WantsTheWholeDeclaration) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.hamlet());
  const acts::Occasion now = scene.today(scene.commune().entrant);
  acts::Registration registration;
  EXPECT_TRUE(
      fails(acts::register_dossier(draft, now, registration), ErrorCode::invalid_argument, "V30"));
  registration.declaration = somebody_present();
  registration.declaration.basis = LawfulBasis::state_management;
  EXPECT_TRUE(fails(acts::register_dossier(draft, now, registration), ErrorCode::invalid_argument,
                    "--consent"));
  EXPECT_EQ(draft.size(), 0U);
}

TEST(Register, KeepsAProxyRecordOnlyWhereSomethingWasSaid) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(scene.hamlet());
  const acts::Occasion now = scene.today(scene.commune().entrant);
  acts::Registration registration;
  registration.declaration = somebody_present();
  ASSERT_TRUE(acts::register_dossier(draft, now, registration));
  EXPECT_FALSE(draft.requests().at(1).fields);
  registration.declaration.proxy = ProxyReason::elderly;
  registration.declaration.proxy_record = {"Chi hội trưởng", "05", "", ""};
  ASSERT_TRUE(acts::register_dossier(draft, now, registration));
  EXPECT_EQ(record_at<ProxyRecord>(draft, 3).paper_form_number, "05");
  EXPECT_EQ(payload_at<DossierRegistered>(draft, 3).proxy, ProxyReason::elderly);
  EXPECT_EQ(payload_at<DossierRegistered>(draft, 3).basis, LawfulBasis::consent);
  EXPECT_EQ(draft.requests().at(3).about,
            acts::stream_of(DossierId{EventId{scene.hamlet(), draft.next_id().seq() - 2}}));
}

}  // namespace
}  // namespace clients_test
