#include "events/proofs/signed_note.h"

#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <string>

namespace events {
namespace {

constexpr std::string_view name = "titles.example/province-01";
constexpr std::string_view text = "first line\nsecond line\n";

// The key id that other implementations of the format compute for this name and key.
TEST(SignedNote, NamesTheKeyAsTheFormatSays) {
  const std::string note = sign_note(text, name, test_support::a_key(7));
  const std::size_t blank = note.rfind(' ');
  const Result<Bytes> line = from_base64(note.substr(blank + 1, note.size() - blank - 2));
  ASSERT_TRUE(line);
  ASSERT_EQ(line->size(), 68U);
  EXPECT_EQ(to_hex(ByteView(*line).first(4)), "176b7cd5");
  EXPECT_EQ(note.substr(0, text.size() + 1), std::string(text) + "\n");
}

// A backup whose statement can be edited would restore another log than the one that was saved.
TEST(SignedNote, RefusesEveryAlteredCharacter) {
  const PublicKey key = test_support::a_key(7).public_key();
  const std::string note = sign_note(text, name, test_support::a_key(7));
  ASSERT_EQ(verify_note(note, name, key).value(), text);
  for (std::size_t place = 0; place < note.size(); ++place) {
    SCOPED_TRACE(place);
    std::string altered = note;
    altered[place] = altered[place] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(verify_note(altered, name, key));
    EXPECT_FALSE(verify_note(std::string_view(note).substr(0, place), name, key));
  }
  EXPECT_FALSE(verify_note(note, "titles.example/other", key));
  EXPECT_FALSE(verify_note(note, name, test_support::a_key(8).public_key()));
}

// Witnesses and second keys put their lines beside ours.
TEST(SignedNote, SkipsTheLinesOfOtherKeys) {
  const std::string other = sign_note(text, "witness.example/w1", test_support::a_key(9));
  const std::string ours = sign_note(text, name, test_support::a_key(7));
  const std::string both = other + ours.substr(text.size() + 1);
  EXPECT_EQ(verify_note(both, name, test_support::a_key(7).public_key()).value(), text);
}

}  // namespace
}  // namespace events
