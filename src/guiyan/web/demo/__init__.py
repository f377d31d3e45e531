"""The demo: real places, invented people, a cast to sign in as. It can send to nobody."""
