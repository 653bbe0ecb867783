"""The papers that a round needs: plans, notes, drafts, as plain values and as files. Knows no database and no clock."""
