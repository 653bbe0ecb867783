"""A short survey that is offered in Arabic too: for tests only, its words are nobody's translation."""

ARABIC = """
settings:
  form_id: short
  version: "1"
  title: {sv: Kort enkät, ar: استبيان قصير}
  stream: residents
  languages: [sv]
  draft_languages: [ar]
  core: [role]
choices:
  yes_no:
    - {name: "yes", key: 1, label: {sv: Ja, ar: نعم}}
    - {name: "no", key: 2, label: {sv: Nej, ar: لا}}
  role:
    - {name: lives, key: 1, label: {sv: Bor här, ar: أسكن هنا}}
    - {name: visiting, key: 2, label: {sv: På besök, ar: زائر}}
  when:
    - {name: day, key: 1, label: {sv: Dag, ar: نهاراً}}
    - {name: night, key: 2, label: {sv: Natt, ar: ليلاً}}
survey:
  - type: acknowledge
    name: start
    label: {sv: "Några frågor. Vill du börja?", ar: "بعض الأسئلة. هل تريد أن تبدأ؟"}
    hint: {sv: Svaren sparas utan namn., ar: تُحفظ الإجابات بدون أسماء.}
  - {type: select_one role, name: role, role: role, label: {sv: Vem är du här?, ar: من أنت هنا؟}}
  - {type: select_multiple when, name: when, label: {sv: När?, ar: متى؟}}
  - {type: text, name: problem, label: {sv: Vad är problemet?, ar: ما هي المشكلة؟}, hint: {sv: Kort., ar: باختصار.}}
  - {type: note, name: thanks, role: thanks, label: {sv: Tack!, ar: شكراً!}}
"""
