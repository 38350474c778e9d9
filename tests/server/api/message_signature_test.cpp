#include "server/api/message_signature.h"

#include <gtest/gtest.h>

#include <string>

namespace server {
namespace {

const std::string components = "(\"@method\" \"@authority\" \"@path\" \"@query\")";
const std::string sixty_four_zeros = std::string(86, 'A') + "==";

events::Result<MessageSignature> read(const std::string& input, const std::string& label = "sig1") {
  return read_signature(input, label + "=:" + sixty_four_zeros + ":");
}

TEST(MessageSignature, ReadsTheOneFormThatIsTaken) {
  const auto signature = read("sig1=" + components +
                              ";created=1638240000;keyid=\"7\";alg=\"ed25519\";expires=1638240060");
  ASSERT_TRUE(signature) << signature.error().message;
  EXPECT_EQ(signature->key, "7");
  EXPECT_EQ(signature->created, 1'638'240'000U);
  EXPECT_EQ(signature->expires, 1'638'240'060U);
}

// RFC 9421 2.5: the lines of the components in the order of the header, then the parameters as they
// came.
TEST(MessageSignature, TheBaseIsThatOfTheStandard) {
  const auto signature = read(
      "k2=(\"@query\" \"@path\" \"@authority\" \"@method\");keyid=\"7\";created=1638240000", "k2");
  ASSERT_TRUE(signature) << signature.error().message;
  ApiRequest request;
  request.method = "GET";
  request.target = "/v1/totals?unit=2.4&at=17";
  request.authority = "Titles.Example:443";
  EXPECT_EQ(signature_base(*signature, request),
            "\"@query\": ?unit=2.4&at=17\n"
            "\"@path\": /v1/totals\n"
            "\"@authority\": titles.example\n"
            "\"@method\": GET\n"
            "\"@signature-params\": (\"@query\" \"@path\" \"@authority\" \"@method\");keyid=\"7\";"
            "created=1638240000");
  request.target = "/v1/totals";
  request.authority = "titles.example:8470";
  const std::string base = signature_base(*signature, request);
  EXPECT_TRUE(base.starts_with("\"@query\": ?\n"));
  EXPECT_NE(base.find("\"@authority\": titles.example:8470\n"), std::string::npos);
}

// What is left out of the signature could be changed on the way.
TEST(MessageSignature, EachOfTheFourComponentsMustBeCovered) {
  for (const char* const covered :
       {"()", "(\"@method\" \"@authority\" \"@path\")", "(\"@method\" \"@path\" \"@query\")",
        "(\"@method\" \"@authority\" \"@path\" \"@path\")",
        "(\"@method\" \"@authority\" \"@path\" \"@query\" \"date\")",
        "(\"@method\" \"@authority\" \"@path\" \"@query\";req)"}) {
    EXPECT_FALSE(read("sig1=" + std::string(covered) + ";created=1;keyid=\"7\"")) << covered;
  }
}

TEST(MessageSignature, RefusesOtherForms) {
  const std::string good = ";created=1638240000;keyid=\"7\"";
  EXPECT_TRUE(read("sig1=" + components + good));
  for (const std::string& parameters : std::initializer_list<std::string>{
           std::string(";keyid=\"7\""), std::string(";created=1"), good + ";created=2",
           good + ";alg=\"rsa-pss-sha512\"", good + ";created", ";created=-1;keyid=\"7\"",
           ";created=007;keyid=\"7\"", ";created=1;keyid=7", good + ";expires=\"x\"",
           good + ";other=\"x\"", good + ", sig2=" + components + good, good + " ",
           ";created=1234567890123456;keyid=\"7\""}) {
    EXPECT_FALSE(read("sig1=" + components + parameters)) << parameters;
  }
  EXPECT_FALSE(read("sig1=" + components + good, "sig2"));
  EXPECT_FALSE(read_signature("sig1=" + components + good, "sig1=:AAAA:"));
  EXPECT_FALSE(read_signature("sig1=" + components + good, ""));
  EXPECT_FALSE(read_signature("", "sig1=:" + sixty_four_zeros + ":"));
  EXPECT_FALSE(read("sig1=" + components + good + ";nonce=\"" + std::string(2'000, 'a') + "\""));
}

}  // namespace
}  // namespace server
