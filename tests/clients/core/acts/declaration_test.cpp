#include "clients/core/acts/declaration.h"

#include <gtest/gtest.h>

namespace clients::acts {
namespace {

using enum DeclarationField;
using events::Confirmation;
using events::LawfulBasis;
using events::ProxyReason;

std::vector<DeclarationField> fields(std::initializer_list<DeclarationField> list) { return list; }

TEST(Declaration, AsksForNothingThatFollowsFromWhatWasSaid) {
  Declaration said;
  EXPECT_EQ(missing_in(said), fields({basis, confirmation}));
  said.consent_purposes = events::consent_assess;
  said.confirmation = Confirmation::subject_present;
  EXPECT_TRUE(missing_in(said).empty());
  EXPECT_EQ(completed(said).basis, LawfulBasis::consent);
  EXPECT_EQ(completed(said).proxy, ProxyReason::none);
  EXPECT_TRUE(check_declaration(said));
}

TEST(Declaration, GuessesNoConsentAndNoProxy) {
  Declaration said;
  said.basis = LawfulBasis::consent;
  said.confirmation = Confirmation::signature_on_paper;
  EXPECT_EQ(missing_in(said), fields({consent, proxy}));
  EXPECT_FALSE(completed(said).proxy);
}

// Whoever enters for somebody says who that is and on what it can be held against.
TEST(Declaration, WantsToKnowWhoEnteredItAndOnWhatItStands) {
  Declaration said;
  said.basis = LawfulBasis::state_management;
  said.confirmation = Confirmation::witness;
  said.proxy = ProxyReason::elderly;
  EXPECT_EQ(missing_in(said), fields({witness, relation_or_office, witness_or_paper_form}));
  said.proxy_record.witness = "Ông Lò Văn Pản";
  EXPECT_EQ(missing_in(said), fields({relation_or_office}));
  said.confirmation = Confirmation::signature_on_paper;
  said.proxy_record = {"Chi hội trưởng", "05", "", ""};
  EXPECT_TRUE(check_declaration(said));
}

TEST(Declaration, TakesPurposesOnlyWithConsentAsTheBasis) {
  Declaration said;
  said.basis = LawfulBasis::state_management;
  said.consent_purposes = events::consent_assess;
  said.confirmation = Confirmation::subject_present;
  EXPECT_TRUE(missing_in(said).empty());
  EXPECT_FALSE(check_declaration(said));
}

}  // namespace
}  // namespace clients::acts
