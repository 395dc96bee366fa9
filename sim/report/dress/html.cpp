#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/chart/canvas.hpp"
#include "report/dress/assets.hpp"
#include "report/dress/parts.hpp"
#include "report/report.hpp"

namespace chipmix::report {
namespace {

/// Text as a string of CSS within a style element: all but letters, digits and spaces by their numbers.
std::string css_string(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    const bool is_plain = code >= 0x80 || code == ' ' || (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') ||
                          (code >= 'a' && code <= 'z');
    out += is_plain ? std::string(1, c) : fmt::format("\\{:x} ", code);
  }
  return out + "\"";
}

/// With what every printed page but the first says at its head.
std::string style(const Report& report, const Paper& paper) {
  constexpr const char* look = "font-size:8pt;color:#444";
  std::string text = page_style();
  text += fmt::format(
      "@page{{@top-left{{content:{};{}}}@top-right{{content:{};{}}}}}@page:first{{@top-left{{content:none}}"
      "@top-right{{content:none}}}}\n",
      css_string(report.title), look, css_string(report.imprint.day + "  " + report.imprint.fingerprint), look);
  if (!paper.size.empty()) text += "@page{size:" + paper.size + "}";
  return text;
}

std::string head(const Report& report, const Paper& paper) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"{0}\"><head><meta charset=\"utf-8\"><title>{1}</title>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "script-src 'sha256-{2}'\">\n<style>{3}</style></head><body>\n",
      code_of(report.language), escaped(report.title), page_script_digest, style(report, paper));
}

/// Title, date, version, author and the scenario's fingerprint.
std::string header(const Report& report, const Say& say) {
  const auto fact = [&](Text name, const std::string& value) {
    return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", escaped(say(name)), escaped(value));
  };
  const Imprint& by = report.imprint;
  return fmt::format(
      "<header><div><p class=\"kicker\">{}</p><h1>{}</h1></div><dl class=\"imprint\">{}{}{}{}</dl></header>\n",
      escaped(say(Text::kicker)), escaped(report.title), fact(Text::date, by.day),
      fact(Text::author, by.author.empty() ? say(Text::not_named) : by.author),
      fact(Text::version, "chipmix " + by.version), fact(Text::fingerprint, by.fingerprint));
}

std::string list(const std::string& title, const std::vector<std::string>& lines, const char* tag) {
  if (lines.empty()) return {};
  std::string out = fmt::format("<h2>{}</h2><{}>", escaped(title), tag);
  for (const std::string& line : lines) out += "<li>" + escaped(line) + "</li>\n";
  return out + fmt::format("</{}>\n", tag);
}

std::string front_html(const Report& report, const Say& say) {
  const FrontPage& front = report.front;
  std::string out = fmt::format(
      "<section id=\"decision\"><p class=\"question\">{}</p>\n<p class=\"answer\">{}</p>\n{}<dl class=\"headlines\">",
      escaped(front.question), escaped(front.answer),
      front.firmness.empty() ? "" : "<p class=\"firm\">" + escaped(front.firmness) + "</p>\n");
  for (const Headline& one : front.headlines)
    out += fmt::format("<div><dt>{}</dt><dd>{}</dd><dd class=\"note\">{}</dd></div>\n", escaped(one.name),
                       escaped(one.value), escaped(one.note));
  out += "</dl>";
  if (!front.basis.empty())
    out += "<p class=\"basis\">" + escaped(fmt::format("{}", fmt::join(front.basis, " "))) + "</p>\n";
  out += "<div class=\"sides\"><div class=\"side\">";
  if (!front.options.svg.empty()) out += figure_html(front.options, say);
  out += "</div><div class=\"side\">" + list(say(Text::what_would_change), front.risks, "ol") +
         list(say(Text::what_is_asked), front.asked, "ul") + "</div></div></section>\n";
  return out;
}

std::string navigation(const Report& report, const Say& say) {
  std::string out = fmt::format("<nav aria-label=\"{}\"><ul>\n", escaped(say(Text::chapters)));
  if (!report.what_if.empty())
    out += fmt::format("<li class=\"scripted\" hidden><a href=\"#what-if\">{}</a></li>\n",
                       escaped(say(Text::what_if_title)));
  for (std::size_t i = 0; i < report.chapters.size(); ++i)
    out += fmt::format("<li><a href=\"#c{}\">{}</a></li>\n", i + 1, escaped(report.chapters[i].title));
  return out + fmt::format("<li><a href=\"#appendix\">{}</a></li>\n</ul></nav>\n", escaped(say(Text::appendix_short)));
}

/// Shown by the page's script alone, which fills it.
std::string what_if_html(const Report& report, const Say& say) {
  if (report.what_if.empty()) return {};
  return fmt::format(
      "<section id=\"what-if\" class=\"scripted\" hidden data-model=\"{}\"><h2>{}</h2><p>{}</p></section>\n",
      escaped(report.what_if), escaped(say(Text::what_if_title)), escaped(report.what_if_lead));
}

std::string appendix_html(const Report& report, const Say& say, bool is_open) {
  std::string out = fmt::format("<details id=\"appendix\"{}><summary><h2>{}</h2></summary>\n", is_open ? " open" : "",
                                escaped(say(Text::appendix)));
  for (std::size_t i = 0; i < report.appendix.size(); ++i)
    out += section_html(report.appendix[i], fmt::format("a{}", i + 1), say, 3);
  return out + "</details>\n";
}

}  // namespace

std::string html(const Report& report, const Paper& paper) {
  const Say say(report.language);
  std::string out = head(report, paper) + header(report, say) + "<main>\n" + front_html(report, say) +
                    navigation(report, say) + what_if_html(report, say);
  for (std::size_t i = 0; i < report.chapters.size(); ++i)
    out += section_html(report.chapters[i], fmt::format("c{}", i + 1), say, 2);
  out += appendix_html(report, say, paper.is_print);
  return out + fmt::format("</main><script>{}</script></body></html>\n", page_script());
}

void add(Section& section, Figure figure) {
  if (!figure.svg.empty() && !figure.data.rows.empty()) section.figures.push_back(std::move(figure));
}

}  // namespace chipmix::report
